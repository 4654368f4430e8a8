using ApiKeyAuth.Authentication.Tickets;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>
/// Selects the scheme whose rules apply to a remotely verified key: the scheme of the caller's key, otherwise the first of the app.
/// </summary>
internal sealed class VerificationSchemeSelector(Func<string> getDefaultScheme)
{
    public string GetScheme(HttpContext context) =>
        (ActingPrincipal.Find(context) ?? context.User).Identities.OfType<ApiKeyIdentity>().FirstOrDefault()?.AuthenticationType
        ?? getDefaultScheme();
}
