using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ApiKeyAuth.Http;

/// <summary>
/// Represents a response whose headers prevent a response cache inside the process from storing or reusing it for other callers.
/// </summary>
/// <remarks>
/// The cache reads the headers at the first write, before any <c>OnStarting</c> callback, and MVC's <c>[ResponseCache]</c> removes
/// <c>Vary</c> just before that. For this reason the guard keeps the headers even if the app removes them.
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

    /// <summary>Installs a guard for a response that has not started.</summary>
    /// <returns>The guard, or null if the response has started.</returns>
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

    /// <summary>Prevents caches inside the process from storing the response. Other caches see the headers that the app sets.</summary>
    public void HideFromCache() => _headers.HideFromCache();

    /// <summary>Restores the <c>Cache-Control</c> header of the app when the response leaves the process.</summary>
    public void Release() => _headers.Release();
}
