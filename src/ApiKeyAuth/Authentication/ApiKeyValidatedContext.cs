using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>
/// Provides the context of a verified key. The app can reject the key as invalid with <c>Fail</c>, or replace <c>Principal</c>.
/// </summary>
public sealed class ApiKeyValidatedContext : ResultContext<ApiKeySchemeOptions>
{
    internal ApiKeyValidatedContext(HttpContext context, AuthenticationScheme scheme, ApiKeySchemeOptions options, ApiKey key)
        : base(context, scheme, options) => Key = key;

    /// <summary>Gets the key as it is stored.</summary>
    public ApiKey Key { get; }
}
