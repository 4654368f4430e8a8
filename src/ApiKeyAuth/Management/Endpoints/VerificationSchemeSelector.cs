using ApiKeyAuth.Authentication.Tickets;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>The scheme by whose rules a remote check judges a key: the one the caller came by, where that is for keys, else the app's first.</summary>
internal sealed class VerificationSchemeSelector(Func<string> getDefaultScheme)
{
    public string GetScheme(HttpContext context) =>
        (ActingPrincipal.Find(context) ?? context.User).Identities.OfType<ApiKeyIdentity>().FirstOrDefault()?.AuthenticationType ?? getDefaultScheme();
}
