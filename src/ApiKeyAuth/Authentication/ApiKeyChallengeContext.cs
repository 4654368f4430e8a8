using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>A request is about to be refused for want of a valid key.</summary>
public sealed class ApiKeyChallengeContext : PropertiesContext<ApiKeySchemeOptions>
{
    internal ApiKeyChallengeContext(
        HttpContext context, AuthenticationScheme scheme, ApiKeySchemeOptions options, AuthenticationProperties? properties, ApiKeyError error)
        : base(context, scheme, options, properties) => Error = error;

    /// <summary>What the caller is told.</summary>
    public ApiKeyError Error { get; }

    /// <summary>Whether the app answers by itself.</summary>
    public bool Handled { get; private set; }

    /// <summary>Leaves status, headers and body to the app.</summary>
    public void HandleResponse() => Handled = true;
}
