using Microsoft.AspNetCore.Authentication;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>
/// Represents the result of the key schemes if the default scheme did not authenticate the caller. Hubs read the expiration of a connection
/// from it.
/// </summary>
internal sealed class AuthenticateResultFeature : IAuthenticateResultFeature
{
    /// <inheritdoc/>
    public AuthenticateResult? AuthenticateResult { get; set; }
}
