using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>
/// Makes requests that hold a credential in a source of any key scheme bypass the output cache: nothing is looked up for them, and nothing
/// is stored.
/// </summary>
/// <remarks>
/// The framework's default policy, part of every <c>CacheOutput()</c>, comes after base policies and allows lookups again unless there is
/// an <c>Authorization</c> header or an authenticated user, which there is not if the cache comes before authentication. So such a
/// request also gets a cache key that no other request has.
/// </remarks>
internal sealed class OutputCacheBypass(Func<IReadOnlyList<string>> schemeNames, IOptionsMonitor<ApiKeySchemeOptions> schemes)
    : IOutputCachePolicy
{
    /// <summary>The name of the value that separates a request with a credential from every other.</summary>
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

    // The cache may come before authentication, so it is not known yet whether an event finds a key.
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
