using ApiKeyAuth.Caching;
using ApiKeyAuth.InMemory;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Testing.Apps;

/// <summary>Issues keys like the app, into a separate store.</summary>
internal sealed class TestApiKeyIssuer(
    ApiKeyFormats formats, ApiKeyHasher hasher, ScopeCatalog catalog, IApiKeyCache cache, TimeProvider clock)
{
    public InMemoryApiKeyStore Store { get; } = new();

    /// <summary>Issues a key and returns its secret.</summary>
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
        key = key with
        {
            Secrets = [new() { Hash = hasher.Hash(secret), Hint = formats.Issuing.GetHint(secret), CreatedAt = now }],
        };
        var audit = new ApiKeyAuditEntry
        {
            Id = Guid.CreateVersion7(now),
            At = now,
            Action = "create",
            KeyId = key.Id,
            TenantId = key.TenantId,
            Actor = "system",
            Changes = "{}",
        };

        // The in-memory store completes synchronously.
        if (Store.AddAsync(key, [], audit, CancellationToken.None).AsTask().GetAwaiter().GetResult() != ApiKeyAddResult.Added)
        {
            throw new InvalidOperationException(
                $"A key with the ID {key.Id} was issued before; leave out the ID or use a different one for each key.");
        }

        cache.Invalidate(key.Id);
        return secret;
    }

    private void ThrowIfUnknownScopes(IReadOnlyList<string> scopes)
    {
        string[] unknown = [.. scopes.Where(scope => !catalog.IsGrantable(scope)).Distinct().Select(scope => $"\"{scope}\"")];
        if (unknown.Length > 0)
        {
            var known = catalog.IsEmpty
                ? "the catalog is empty and accepts every valid scope"
                : $"the catalog defines {string.Join(", ", catalog.Definitions.Select(scope => scope.Name))}";
            throw new InvalidOperationException(
                $"The app does not define the scope {string.Join(", ", unknown)}; {known}. "
                + "Correct the call of WithApiKey(), or declare the scope in the app.");
        }
    }
}
