using ApiKeyAuth.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>A key was refused. The app may look, count or warn; it cannot let the caller in.</summary>
public sealed class ApiKeyFailedContext : BaseContext<ApiKeySchemeOptions>
{
    internal ApiKeyFailedContext(
        HttpContext context, AuthenticationScheme scheme, ApiKeySchemeOptions options, ApiKeyRefusal refusal, string? keyId)
        : base(context, scheme, options)
    {
        Refusal = refusal;
        KeyId = keyId;
    }

    /// <summary>What the caller would be told.</summary>
    public ApiKeyRefusal Refusal { get; }

    /// <summary>The id of the key where the caller proved its secret, or null.</summary>
    public string? KeyId { get; }
}
