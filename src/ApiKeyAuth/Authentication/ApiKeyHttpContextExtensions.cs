using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Keys;

namespace Microsoft.AspNetCore.Http;

/// <summary>Provides the API key that a request acts with.</summary>
public static class ApiKeyHttpContextExtensions
{
    /// <summary>Gets the key that the request acts with, or null if it acts without one.</summary>
    /// <remarks>
    /// It holds what claims do not: metadata, limits, expiry. Its scopes are those granted; ask the authorization service what a caller may
    /// do. If the endpoint accepts several schemes and the request carries several credentials, this is the key that met the scope
    /// requirement; it is null if another credential met it, or if no scope requirement decides which of them acts.
    /// </remarks>
    public static ApiKey? GetApiKey(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return AuthenticatedKeys.FindActingKey(context)?.Key;
    }
}
