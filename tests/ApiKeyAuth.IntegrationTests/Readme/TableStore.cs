using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.IntegrationTests.Readme;

/// <summary>Represents the store of the page about custom stores. A test compares the two.</summary>
public sealed class TableStore(MyDbContext db) : IApiKeyStore
{
    public async ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
    {
        // The table contains plain SHA-256 hashes, so a hash with a pepper is skipped.
        var digests = hashes.Where(hash => hash.PepperId is null).Select(hash => hash.Digest.ToArray()).ToList();
        var rows = await db.Keys.AsNoTracking().Where(row => digests.Contains(row.Sha256)).ToListAsync(cancellationToken);
        var hash = hashes.FirstOrDefault(hash => rows.Exists(row => hash.Digest.SequenceEqual(row.Sha256)));
        return hash is null ? null : ToKey(rows.Single(row => hash.Digest.SequenceEqual(row.Sha256)), hash);
    }

    private static ApiKey ToKey(KeyRow row, ApiKeyHash hash) => new()
    {
        Id = $"{row.Id}",
        Scopes = ScopeSet.Create(row.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        Enabled = row.Enabled,
        RevokedAt = row.RevokedAt,
        ExpiresAt = row.ExpiresAt is { } end ? new ApiKeyExpiry(end) : null,
        Secrets = [new() { Hash = hash }],
    };
}
