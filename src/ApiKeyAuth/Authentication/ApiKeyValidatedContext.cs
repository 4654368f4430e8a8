using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>A key was verified. <c>Fail</c> refuses it as an invalid one; <c>Principal</c> may be replaced.</summary>
public sealed class ApiKeyValidatedContext : ResultContext<ApiKeySchemeOptions>
{
    internal ApiKeyValidatedContext(HttpContext context, AuthenticationScheme scheme, ApiKeySchemeOptions options, ApiKey key)
        : base(context, scheme, options) => Key = key;

    /// <summary>The key as the store keeps it.</summary>
    public ApiKey Key { get; }
}
