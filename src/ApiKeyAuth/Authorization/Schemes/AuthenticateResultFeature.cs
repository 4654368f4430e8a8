using Microsoft.AspNetCore.Authentication;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>
/// Holds the result of schemes that were asked beside a default scheme without a caller; hubs read from it when a connection ends.
/// </summary>
internal sealed class AuthenticateResultFeature : IAuthenticateResultFeature
{
    /// <inheritdoc/>
    public AuthenticateResult? AuthenticateResult { get; set; }
}
