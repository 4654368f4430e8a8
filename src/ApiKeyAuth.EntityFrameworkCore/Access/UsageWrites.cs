using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Adds usage where it is kept; the database does the adding, and a row that is gone is not made again.</summary>
internal static class UsageWrites
{
    public static async Task<bool> AddAsync(DbContext context, IReadOnlyList<ApiKeyUse> uses, CancellationToken cancellationToken)
    {
        // In one order for all who flush, so that two of them never wait for each other.
        foreach (var use in uses.OrderBy(use => use.KeyId, StringComparer.Ordinal))
        {
            if (await AddToKeyAsync(context, use, cancellationToken))
            {
                await MarkSecretAsync(context, use, cancellationToken);
            }
        }

        return true;
    }

    private static async Task<bool> AddToKeyAsync(DbContext context, ApiKeyUse use, CancellationToken cancellationToken)
    {
        var last = use.LastUsedAt.UtcTicks;
        return await context.Rows<UsageRow>().Where(row => row.KeyId == use.KeyId).ExecuteUpdateAsync(
            row => row
                .SetProperty(old => old.Count, old => old.Count + use.Count)
                .SetProperty(old => old.LastUsedAt, old => old.LastUsedAt == null || old.LastUsedAt < last ? last : old.LastUsedAt),
            cancellationToken) > 0;
    }

    private static Task<int> MarkSecretAsync(DbContext context, ApiKeyUse use, CancellationToken cancellationToken)
    {
        var (digest, pepperId, last) = (use.Hash.Digest.ToArray(), use.Hash.PepperId ?? "", use.LastUsedAt.UtcTicks);
        return context.Rows<SecretRow>()
            .Where(row => row.Digest == digest && row.PepperId == pepperId && row.KeyId == use.KeyId
                && (row.LastUsedAt == null || row.LastUsedAt < last))
            .ExecuteUpdateAsync(row => row.SetProperty(old => old.LastUsedAt, last), cancellationToken);
    }
}
