using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>Provides the context of a rejected key. The app can log or count the rejection, but cannot accept the key.</summary>
public sealed class ApiKeyAuthenticationFailedContext : BaseContext<ApiKeySchemeOptions>
{
    internal ApiKeyAuthenticationFailedContext(
        HttpContext context, AuthenticationScheme scheme, ApiKeySchemeOptions options, ApiKeyError error, string? keyId)
        : base(context, scheme, options)
    {
        Error = error;
        KeyId = keyId;
    }

    /// <summary>Gets the error that the caller receives if the endpoint requires authentication.</summary>
    public ApiKeyError Error { get; }

    /// <summary>Gets the ID of the key if the secret was correct; otherwise, null.</summary>
    public string? KeyId { get; }
}
