using ApiKeyAuth.Caching;
using ApiKeyAuth.InMemory;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Testing.Apps;

/// <summary>Issues keys as the app would, into a store of their own.</summary>
internal sealed class TestApiKeyIssuer(ApiKeyFormats formats, ApiKeyHasher hasher, ScopeCatalog catalogue, IApiKeyCache cache, TimeProvider clock)
{
    public InMemoryApiKeyStore Store { get; } = new();

    /// <summary>Issues a key and gives its secret.</summary>
    public string Issue(IReadOnlyList<string> scopes, Func<ApiKey, ApiKey> configure, string? environment = null)
    {
        ThrowIfUnknownScopes(scopes);
        var now = clock.GetUtcNow();
        var key = configure(new ApiKey
        {
            Id = $"key_{Guid.NewGuid():N}",
            Name = "test",
            Environment = environment ?? (formats.Issuing.Environments is [var first, ..] ? first : null),
            Scopes = ScopeSet.Create(scopes),
            CreatedAt = now,
            Version = 1,
        });
        ThrowIfUnknownScopes([.. key.Scopes]);
        var secret = formats.Issuing.Generate(key.Environment);
        key = key with { Secrets = [new() { Hash = hasher.Hash(secret), Hint = formats.Issuing.GetHint(secret), CreatedAt = now }] };
        var audit = new ApiKeyAuditEntry { Id = Guid.CreateVersion7(now), At = now, Action = "create", KeyId = key.Id, TenantId = key.TenantId, Actor = "system", Changes = "{}" };

        // The store is in memory and answers at once.
        if (Store.AddAsync(key, [], audit, CancellationToken.None).AsTask().GetAwaiter().GetResult() != ApiKeyAddResult.Added)
        {
            throw new InvalidOperationException($"The test issued a key with the id {key.Id} before; leave the id out, or give each key its own.");
        }

        cache.Invalidate(key.Id);
        return secret;
    }

    private void ThrowIfUnknownScopes(IReadOnlyList<string> scopes)
    {
        string[] unknown = [.. scopes.Where(scope => !catalogue.IsGrantable(scope)).Distinct()];
        if (unknown.Length > 0)
        {
            var known = catalogue.IsEmpty ? "every word of the form of a scope" : string.Join(", ", catalogue.Definitions.Select(scope => scope.Name));
            throw new InvalidOperationException(
                $"The app knows no scope {string.Join(", ", unknown.Select(scope => $"\"{scope}\""))}; its catalogue holds: {known}. Correct the call of WithApiKey(), or declare the scope in the app.");
        }
    }
}
