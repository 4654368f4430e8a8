using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Testing.Apps;

/// <summary>Describes the key that a test requested.</summary>
internal sealed class TestApiKeyDescriptor(IReadOnlyList<string> scopes, Func<ApiKey, ApiKey> configure, string? scheme)
{
    public IReadOnlyList<string> Scopes => scopes;

    public Func<ApiKey, ApiKey> Configure => configure;

    public string? Scheme => scheme;
}
