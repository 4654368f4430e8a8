using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ApiKeyAuth.Http;

/// <summary>
/// Provides the response's headers to the app and to a response cache inside the process, and holds what the cache must see in them.
/// </summary>
/// <remarks>
/// The cache reads headers at the first write, before any <c>OnStarting</c> callback, and MVC's <c>[ResponseCache]</c> removes
/// <c>Vary</c> just before that. So it is not enough to set a header early: it must not be possible to take it away.
/// </remarks>
internal sealed class ResponseCacheGuard : IHttpResponseFeature
{
    private readonly IHttpResponseFeature _inner;
    private readonly GuardedHeaders _headers;

    private ResponseCacheGuard(IHttpResponseFeature inner) => (_inner, _headers) = (inner, new GuardedHeaders(inner.Headers));

    /// <inheritdoc/>
    public int StatusCode
    {
        get => _inner.StatusCode;
        set => _inner.StatusCode = value;
    }

    /// <inheritdoc/>
    public string? ReasonPhrase
    {
        get => _inner.ReasonPhrase;
        set => _inner.ReasonPhrase = value;
    }

    /// <inheritdoc/>
    public IHeaderDictionary Headers
    {
        get => _headers;
        set => throw new NotSupportedException("The headers of this response cannot be replaced.");
    }

    /// <inheritdoc/>
    [Obsolete("Use IHttpResponseBodyFeature.Stream instead.")]
    public Stream Body
    {
        get => _inner.Body;
        set => _inner.Body = value;
    }

    /// <inheritdoc/>
    public bool HasStarted => _inner.HasStarted;

    /// <summary>Places a guard around the headers of a response that has not started.</summary>
    public static ResponseCacheGuard? Install(HttpContext context)
    {
        if (context.Features.Get<IHttpResponseFeature>() is not { HasStarted: false } inner)
        {
            return null;
        }

        var guard = new ResponseCacheGuard(inner);
        context.Features.Set<IHttpResponseFeature>(guard);
        return guard;
    }

    /// <inheritdoc/>
    public void OnStarting(Func<object, Task> callback, object state) => _inner.OnStarting(callback, state);

    /// <inheritdoc/>
    public void OnCompleted(Func<object, Task> callback, object state) => _inner.OnCompleted(callback, state);

    /// <summary>Keeps the names in <c>Vary</c>.</summary>
    public void KeepVary(string names) => _headers.KeepVary(names);

    /// <summary>Has caches inside the process store nothing; other caches see what the app says.</summary>
    public void HideFromCache() => _headers.HideFromCache();

    /// <summary>Puts the app's own <c>Cache-Control</c> in place, as the response leaves the process.</summary>
    public void Release() => _headers.Release();
}
