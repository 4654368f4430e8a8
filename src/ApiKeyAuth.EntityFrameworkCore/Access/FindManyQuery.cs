using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Keys;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Looks up many hashes in one statement.</summary>
internal static class FindManyQuery
{
    /// <summary>The maximum number of hashes in one statement. SQL Server allows 2,100 parameters.</summary>
    private const int MaxHashes = 512;

    /// <summary>Reads the keys that have a secret with one of the hashes, indexed by the hashes of all their secrets.</summary>
    public static async Task<Dictionary<ApiKeyHash, ApiKey>> RunAsync(
        DbContext context, IEnumerable<ApiKeyHash> hashes, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ApiKeyHash, ApiKey>();
        foreach (var chunk in hashes.Distinct().Chunk(MaxHashes))
        {
            // Only by the digest, which is the first column of the index. The pepper is compared when the result is looked up.
            var digests = chunk.Select(hash => hash.Digest.ToArray()).ToList();
            var rows = await (
                from match in context.Set<SecretRow>().AsNoTracking().IgnoreQueryFilters()
                where digests.Contains(match.Digest)
                join key in context.Set<KeyRow>() on match.KeyId equals key.Id
                join secret in context.Set<SecretRow>() on key.Id equals secret.KeyId
                select new JoinedKeyRow { Key = key, Secret = secret }).ToListAsync(cancellationToken);
            var keys = KeyRowQueries.ToKeys(rows).ToList();
            await KeyRowQueries.AddLastUsesAsync(context, keys, cancellationToken);
            foreach (var key in keys)
            {
                foreach (var secret in key.Secrets)
                {
                    found[secret.Hash] = key;
                }
            }
        }

        return found;
    }
}
