using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Keys;

namespace Microsoft.AspNetCore.Http;

/// <summary>Provides extension methods that get the API key of a request.</summary>
public static class ApiKeyHttpContextExtensions
{
    /// <summary>Returns the key that the request acts with, or null if there is none.</summary>
    /// <remarks>
    /// The key contains data that claims do not, such as metadata, limits and expiration. Its scopes are the granted scopes. To determine
    /// what a caller may do, use the authorization service. If the endpoint accepts several schemes and the request contains several
    /// credentials, this method returns the key that met the scope requirement. It returns null if another credential met it, or if no
    /// scope requirement selects one of the credentials.
    /// </remarks>
    /// <param name="context">The HTTP context.</param>
    public static ApiKey? GetApiKey(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return AuthenticatedKeys.FindActingKey(context)?.Key;
    }
}
