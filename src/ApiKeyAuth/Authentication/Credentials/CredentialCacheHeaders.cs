using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCaching;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Marks for caches that a response depends on the sources that a scheme reads, also if none of them held a credential.</summary>
internal static class CredentialCacheHeaders
{
    /// <summary>Gets the names of the headers that a scheme reads, separated by commas, or null if it reads none.</summary>
    public static string? GetVaryNames(ApiKeySchemeOptions options)
    {
        string[] names = options.AuthorizationSchemes.Count > 0 ? [HeaderNames.Authorization, .. options.Headers] : [.. options.Headers];
        return names.Length == 0 ? null : string.Join(", ", names.Distinct(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Marks the response of a request whose credential was just read.</summary>
    public static void Apply(HttpContext context, ApiKeySchemeOptions options, in Credential credential, ResponseCachingDetector caching)
    {
        var notes = ApiKeyRequestFeature.GetOrCreate(context);
        if (options.VaryNames is { } names)
        {
            notes.AddVary(names);
        }

        // Vary cannot name these sources.
        var hasOtherSources = options.UnsafeQueryParameter is not null || options.HasMessageReceived;
        if (hasOtherSources && credential is { Header: null, Kind: not CredentialKind.None })
        {
            notes.SetNoStore();
        }

        if (caching.IsInUse)
        {
            // The cache has one entry for all queries of a path, unless the app makes it vary by them.
            notes.GuardCache(hasOtherSources || (credential.Kind is not CredentialKind.None && !IsKeyCheckedBeforeCache(context)));
        }
    }

    /// <summary>
    /// Determines whether a key that is no longer valid is refused before the cache looks for the response that the key once got.
    /// </summary>
    private static bool IsKeyCheckedBeforeCache(HttpContext context) =>
        context.Features.Get<IResponseCachingFeature>() is null
        && context.GetEndpoint()?.Metadata is { } metadata
        && metadata.GetMetadata<IAllowAnonymous>() is null
        && (metadata.GetMetadata<IAuthorizeData>() is not null || metadata.GetMetadata<AuthorizationPolicy>() is not null);
}
