using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>
/// Bypasses the output cache for requests that contain a credential in a source of any key scheme. The cache neither looks up nor stores
/// their responses.
/// </summary>
/// <remarks>
/// The framework's default policy is part of every <c>CacheOutput()</c> and runs after base policies. It allows lookups again unless the
/// request has an <c>Authorization</c> header or an authenticated user. If the cache runs before authentication, the user is not
/// authenticated yet. Therefore, such a request also gets a unique cache key.
/// </remarks>
internal sealed class OutputCacheBypass(Func<IReadOnlyList<string>> schemeNames, IOptionsMonitor<ApiKeySchemeOptions> schemes)
    : IOutputCachePolicy
{
    /// <summary>The name of the value that gives a request with a credential a unique cache key.</summary>
    public const string VaryByName = "ApiKeyAuth";

    /// <inheritdoc/>
    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        if (HasCredential(context.HttpContext.Request))
        {
            context.AllowCacheLookup = false;
            context.AllowCacheStorage = false;
            context.CacheVaryByRules.VaryByValues[VaryByName] = Guid.NewGuid().ToString("N");
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        if (context.CacheVaryByRules.VaryByValues.ContainsKey(VaryByName))
        {
            context.AllowCacheStorage = false;
        }

        return ValueTask.CompletedTask;
    }

    // The cache may run before authentication. It is then unknown whether an event finds a key, so every request counts.
    private bool HasCredential(HttpRequest request)
    {
        foreach (var name in schemeNames())
        {
            var scheme = schemes.Get(name);
            if (scheme.HasMessageReceived
                || (scheme.AuthorizationSchemeArray.Length > 0 && !StringValues.IsNullOrEmpty(request.Headers.Authorization))
                || Array.Exists(scheme.HeaderArray, header => !StringValues.IsNullOrEmpty(request.Headers[header]))
                || (scheme.UnsafeQueryParameter is { } parameter && !StringValues.IsNullOrEmpty(request.Query[parameter])))
            {
                return true;
            }
        }

        return false;
    }
}
