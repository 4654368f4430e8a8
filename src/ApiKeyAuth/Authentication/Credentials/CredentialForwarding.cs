using ApiKeyAuth.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication;

/// <summary>Chooses between keys and another bearer scheme by what the request holds.</summary>
internal static class CredentialForwarding
{
    /// <summary>The key scheme takes what is a key, was meant to be one, or is ambiguous; the other takes the rest, also a request without anything.</summary>
    public static string Choose(HttpContext context, string apiKeyScheme, string bearerScheme)
    {
        var services = context.RequestServices;
        var options = services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>().Get(apiKeyScheme);
        var kind = services.GetRequiredService<CredentialReader>().Read(context.Request, options).Kind;
        if (kind is not (CredentialKind.None or CredentialKind.Foreign))
        {
            return apiKeyScheme;
        }

        // The other scheme may find a token elsewhere (SignalR's query, say); if it finds none, its challenge has no body of its own.
        RequestNotes.Of(context).Elsewhere = kind == CredentialKind.None ? ApiKeyRefusal.Missing : ApiKeyRefusal.Invalid;
        return bearerScheme;
    }
}
