using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>Chooses between keys and another bearer scheme by what the request holds.</summary>
internal static class CredentialForwarding
{
    /// <summary>
    /// The key scheme takes what is a key, was meant to be one, or is ambiguous; the other takes the rest, also a request without anything.
    /// </summary>
    public static string SelectScheme(HttpContext context, string apiKeyScheme, string bearerScheme)
    {
        var services = context.RequestServices;
        var options = services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>().Get(apiKeyScheme);
        var credential = services.GetRequiredService<CredentialReader>().Read(context.Request, options);

        // The choice depends on these headers, also if the other scheme then decides.
        CredentialCacheHeaders.Apply(context, options, credential, services.GetRequiredService<ResponseCachingDetector>());
        return credential.Kind is CredentialKind.None or CredentialKind.UnrecognizedToken ? bearerScheme : apiKeyScheme;
    }

    /// <summary>Returns what the request holds for a key scheme.</summary>
    public static CredentialKind GetCredentialKind(HttpContext context, string apiKeyScheme)
    {
        var services = context.RequestServices;
        var options = services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>().Get(apiKeyScheme);
        return services.GetRequiredService<CredentialReader>().Read(context.Request, options).Kind;
    }
}
