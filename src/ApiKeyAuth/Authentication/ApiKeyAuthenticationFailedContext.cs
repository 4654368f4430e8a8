using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>A key was refused. The app may look, count or warn; it cannot let the caller in.</summary>
public sealed class ApiKeyAuthenticationFailedContext : BaseContext<ApiKeySchemeOptions>
{
    internal ApiKeyAuthenticationFailedContext(
        HttpContext context, AuthenticationScheme scheme, ApiKeySchemeOptions options, ApiKeyError error, string? keyId)
        : base(context, scheme, options)
    {
        Error = error;
        KeyId = keyId;
    }

    /// <summary>What the caller would be told.</summary>
    public ApiKeyError Error { get; }

    /// <summary>The id of the key where the caller proved its secret, or null.</summary>
    public string? KeyId { get; }
}
