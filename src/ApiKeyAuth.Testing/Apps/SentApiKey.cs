using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Testing.Apps;

/// <summary>The key that a test asked for its requests.</summary>
internal sealed class SentApiKey(IReadOnlyList<string> scopes, Func<ApiKey, ApiKey> with, string? scheme)
{
    public IReadOnlyList<string> Scopes => scopes;

    public Func<ApiKey, ApiKey> With => with;

    public string? Scheme => scheme;
}
