using Microsoft.AspNetCore.Authentication;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>
/// Holds the result of the key schemes if the default scheme did not authenticate the caller. Hubs read from it when a connection expires.
/// </summary>
internal sealed class AuthenticateResultFeature : IAuthenticateResultFeature
{
    /// <inheritdoc/>
    public AuthenticateResult? AuthenticateResult { get; set; }
}
