using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>Provides the context of a request that is about to be rejected because it has no valid key.</summary>
public sealed class ApiKeyChallengeContext : PropertiesContext<ApiKeySchemeOptions>
{
    internal ApiKeyChallengeContext(
        HttpContext context,
        AuthenticationScheme scheme,
        ApiKeySchemeOptions options,
        AuthenticationProperties? properties,
        ApiKeyError error)
        : base(context, scheme, options, properties) => Error = error;

    /// <summary>Gets the error that the caller receives.</summary>
    public ApiKeyError Error { get; }

    /// <summary>Gets a value indicating whether the app writes the response itself.</summary>
    public bool Handled { get; private set; }

    /// <summary>Indicates that the app writes the status, headers and body of the response.</summary>
    public void HandleResponse() => Handled = true;
}
