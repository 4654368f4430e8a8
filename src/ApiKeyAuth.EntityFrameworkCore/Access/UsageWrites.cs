using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Adds usage where it is kept; the database does the adding, and a row that is gone is not made again.</summary>
internal static class UsageWrites
{
    public static async Task<bool> AddAsync(DbContext context, IReadOnlyList<ApiKeyUse> uses, CancellationToken cancellationToken)
    {
        // In one order for all who flush, and each key's rows in the order its deletion takes them, so that no two wait for each other.
        var keys = uses.GroupBy(use => use.KeyId, StringComparer.Ordinal).OrderBy(key => key.Key, StringComparer.Ordinal);
        foreach (var key in keys)
        {
            foreach (var secret in key.GroupBy(use => use.Hash).OrderBy(secret => secret.Key.Format(), StringComparer.Ordinal))
            {
                await MarkAsync(context, secret.MaxBy(use => use.LastUsedAt)!, cancellationToken);
            }

            await AddAsync(context, key.Key, key.Sum(use => use.Count), key.Max(use => use.LastUsedAt).UtcTicks, cancellationToken);
        }

        return true;
    }

    private static Task<int> AddAsync(DbContext context, string keyId, long count, long last, CancellationToken cancellationToken) => context
        .Rows<UsageRow>().Where(row => row.KeyId == keyId)
        .ExecuteUpdateAsync(
            row => row
                .SetProperty(old => old.Count, old => old.Count + count)
                .SetProperty(old => old.LastUsedAt, old => old.LastUsedAt == null || old.LastUsedAt < last ? last : old.LastUsedAt),
            cancellationToken);

    private static Task<int> MarkAsync(DbContext context, ApiKeyUse use, CancellationToken cancellationToken)
    {
        var (digest, pepperId, last) = (use.Hash.Digest.ToArray(), use.Hash.PepperId ?? "", use.LastUsedAt.UtcTicks);
        return context.Rows<SecretRow>()
            .Where(row => row.Digest == digest && row.PepperId == pepperId && row.KeyId == use.KeyId
                && (row.LastUsedAt == null || row.LastUsedAt < last))
            .ExecuteUpdateAsync(row => row.SetProperty(old => old.LastUsedAt, last), cancellationToken);
    }
}
