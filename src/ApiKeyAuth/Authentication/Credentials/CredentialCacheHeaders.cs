using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCaching;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Provides methods that inform caches which sources a response depends on, even if none of them contains a credential.</summary>
internal static class CredentialCacheHeaders
{
    /// <summary>Returns the names of the headers that a scheme reads, separated by commas, or null if it reads none.</summary>
    public static string? GetVaryNames(ApiKeySchemeOptions options)
    {
        string[] names = options.AuthorizationSchemes.Count > 0 ? [HeaderNames.Authorization, .. options.Headers] : [.. options.Headers];
        return names.Length == 0 ? null : string.Join(", ", names.Distinct(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Sets the cache headers of the response after the credential was read.</summary>
    public static void Apply(HttpContext context, ApiKeySchemeOptions options, in Credential credential, ResponseCachingDetector caching)
    {
        var notes = ApiKeyRequestFeature.GetOrCreate(context);
        if (options.VaryNames is { } names)
        {
            notes.AddVary(names);
        }

        // Vary can only name headers, not the query or the sources of an event.
        var hasOtherSources = options.UnsafeQueryParameter is not null || options.HasMessageReceived;
        if (hasOtherSources && credential is { Header: null, Kind: not CredentialKind.None })
        {
            notes.SetNoStore();
        }

        if (caching.IsInUse)
        {
            // The cache stores one response for all queries of a path, unless the app configures it otherwise.
            notes.GuardCache(hasOtherSources || (credential.Kind is not CredentialKind.None && !IsKeyCheckedBeforeCache(context)));
        }
    }

    /// <summary>
    /// Determines whether authorization rejects a key that is no longer valid before the cache looks up a response. Otherwise, the cache
    /// could return the response that the key received while it was valid.
    /// </summary>
    private static bool IsKeyCheckedBeforeCache(HttpContext context) =>
        context.Features.Get<IResponseCachingFeature>() is null
        && context.GetEndpoint()?.Metadata is { } metadata
        && metadata.GetMetadata<IAllowAnonymous>() is null
        && (metadata.GetMetadata<IAuthorizeData>() is not null || metadata.GetMetadata<AuthorizationPolicy>() is not null);
}
