using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Selects the key scheme or another bearer scheme, based on the credential of the request.</summary>
internal static class CredentialForwarding
{
    /// <summary>
    /// Returns the key scheme if the request contains a key, even if the key is malformed or ambiguous. Otherwise, returns the other
    /// scheme.
    /// </summary>
    public static string SelectScheme(HttpContext context, string apiKeyScheme, string bearerScheme)
    {
        var services = context.RequestServices;
        var options = services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>().Get(apiKeyScheme);
        var credential = services.GetRequiredService<CredentialReader>().Read(context.Request, options);

        // The response depends on these headers, even if the other scheme handles the request.
        CredentialCacheHeaders.Apply(context, options, credential, services.GetRequiredService<ResponseCachingDetector>());
        return credential.Kind is CredentialKind.None or CredentialKind.UnrecognizedToken ? bearerScheme : apiKeyScheme;
    }

    /// <summary>Returns the kind of credential that the request contains for a key scheme.</summary>
    public static CredentialKind GetCredentialKind(HttpContext context, string apiKeyScheme)
    {
        var services = context.RequestServices;
        var options = services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>().Get(apiKeyScheme);
        return services.GetRequiredService<CredentialReader>().Read(context.Request, options).Kind;
    }
}
