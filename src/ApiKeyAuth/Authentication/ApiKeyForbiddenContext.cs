using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>A request with a valid key is about to be refused for what it wants to do.</summary>
public sealed class ApiKeyForbiddenContext : PropertiesContext<ApiKeySchemeOptions>
{
    internal ApiKeyForbiddenContext(
        HttpContext context, AuthenticationScheme scheme, ApiKeySchemeOptions options, AuthenticationProperties? properties, ApiKeyError error)
        : base(context, scheme, options, properties) => Error = error;

    /// <summary>What the caller is told.</summary>
    public ApiKeyError Error { get; }

    /// <summary>Whether the app answers by itself.</summary>
    public bool Handled { get; private set; }

    /// <summary>Leaves status, headers and body to the app.</summary>
    public void HandleResponse() => Handled = true;
}
