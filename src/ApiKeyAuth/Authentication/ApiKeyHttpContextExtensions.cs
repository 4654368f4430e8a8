using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;

namespace Microsoft.AspNetCore.Http;

/// <summary>Tells an endpoint which key calls it.</summary>
public static class ApiKeyHttpContextExtensions
{
    /// <summary>Gives the key of the current user, or null where the caller came without one.</summary>
    /// <remarks>It holds what claims do not: metadata, limits, expiry. Its scopes are those granted; ask the authorization service what a caller may do.</remarks>
    public static ApiKey? GetApiKey(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return AuthenticatedKeys.Named(context)?.Key;
    }
}
