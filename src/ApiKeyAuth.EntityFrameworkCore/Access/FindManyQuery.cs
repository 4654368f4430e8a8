using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Keys;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Represents the lookup of many hashes in one statement.</summary>
internal static class FindManyQuery
{
    /// <summary>The number of hashes that one statement takes. SQL Server allows 2,100 parameters.</summary>
    private const int MaxHashes = 512;

    /// <summary>Reads the keys that have a secret with one of the hashes, by the hashes of all their secrets.</summary>
    public static async Task<Dictionary<ApiKeyHash, ApiKey>> RunAsync(
        DbContext context, IEnumerable<ApiKeyHash> hashes, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ApiKeyHash, ApiKey>();
        foreach (var wanted in hashes.Distinct().Chunk(MaxHashes))
        {
            // By the digest alone, which is the first column of the index; the pepper is compared when a hash is looked up in the result.
            var digests = wanted.Select(hash => hash.Digest.ToArray()).ToList();
            var rows = await (
                from match in context.Set<SecretRow>().AsNoTracking().IgnoreQueryFilters()
                where digests.Contains(match.Digest)
                join key in context.Set<KeyRow>() on match.KeyId equals key.Id
                join secret in context.Set<SecretRow>() on key.Id equals secret.KeyId
                select new JoinedKeyRow { Key = key, Secret = secret }).ToListAsync(cancellationToken);
            foreach (var key in KeyRowQueries.ToKeys(rows))
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
