using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Adds usage where it is kept; the database does the adding, and a row that is gone is not made again.</summary>
internal static class UsageRowCommands
{
    public static async Task<bool> AddAsync(DbContext context, ApiKeyUsageBatch batch, CancellationToken cancellationToken)
    {
        var id = AuditRow.FormatId(batch.Id);
        if (await context.Rows<BatchRow>().AnyAsync(row => row.Id == id, cancellationToken))
        {
            return true;
        }

        // Of two that send one batch at once, the second meets the unique index here, waits, and is run again.
        context.Add(new BatchRow { Id = id, At = batch.CreatedAt.UtcTicks });
        await context.SaveChangesAsync(cancellationToken);

        // In one order for all who flush, and each key's rows in the order its deletion takes them, so that no two wait for each other.
        var (uses, scopes) = (batch.Records.ToLookup(use => use.KeyId, StringComparer.Ordinal), batch.Scopes.ToLookup(use => use.KeyId, StringComparer.Ordinal));
        var keys = uses.Select(key => key.Key).Union(scopes.Select(key => key.Key), StringComparer.Ordinal);
        foreach (var key in keys.Where(StorableText.IsStorable).Order(StringComparer.Ordinal))
        {
            await AddAsync(context, key, uses[key], scopes[key], cancellationToken);
        }

        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Locks a key's usage until the transaction ends; false where the key is gone.</summary>
    public static async Task<bool> TryLockAsync(DbContext context, string keyId, CancellationToken cancellationToken) =>
        await context.Rows<UsageRow>().Where(row => row.KeyId == keyId)
            .ExecuteUpdateAsync(row => row.SetProperty(old => old.Count, old => old.Count), cancellationToken) > 0;

    /// <summary>Adds to a row of the history, or adds the row with the context's next save. Whoever calls holds the lock of the key's usage.</summary>
    public static async Task AddAsync(DbContext context, HistoryRow added, CancellationToken cancellationToken)
    {
        var isThere = await context.Rows<HistoryRow>()
            .Where(row => row.KeyId == added.KeyId && row.Start == added.Start && row.IsDay == added.IsDay
                && row.Outcome == added.Outcome && row.Country == added.Country && row.Network == added.Network)
            .ExecuteUpdateAsync(row => row.SetProperty(old => old.Count, old => old.Count + added.Count), cancellationToken) > 0;
        if (!isThere)
        {
            context.Add(added);
        }
    }

    private static async Task AddAsync(
        DbContext context, string keyId, IEnumerable<ApiKeyUsageRecord> uses, IEnumerable<ApiKeyScopeLastUse> scopes, CancellationToken cancellationToken)
    {
        foreach (var secret in uses.GroupBy(use => use.Hash).OrderBy(secret => secret.Key.Format(), StringComparer.Ordinal))
        {
            await UpdateLastUseAsync(context, secret.MaxBy(use => use.LastUsedAt)!, cancellationToken);
        }

        if (!await TryAddTotalAsync(context, keyId, uses, cancellationToken))
        {
            return;
        }

        foreach (var alike in uses.GroupBy(use => (use.Hour.UtcTicks, use.Outcome, use.Country, use.Network)))
        {
            var (start, outcome, country, network) = alike.Key;
            var row = new HistoryRow { KeyId = keyId, Start = start, Outcome = outcome, Country = country, Network = network, Count = alike.Sum(use => use.Count) };
            await AddAsync(context, row, cancellationToken);
        }

        foreach (var scope in scopes.GroupBy(use => use.Scope, StringComparer.Ordinal))
        {
            await UpdateLastUseAsync(context, keyId, scope.Key, scope.Max(use => use.LastUsedAt).UtcTicks, cancellationToken);
        }
    }

    private static async Task<bool> TryAddTotalAsync(DbContext context, string keyId, IEnumerable<ApiKeyUsageRecord> uses, CancellationToken cancellationToken)
    {
        if (!uses.Any())
        {
            return await TryLockAsync(context, keyId, cancellationToken);
        }

        var (count, last) = (uses.Sum(use => use.Count), uses.Max(use => use.LastUsedAt).UtcTicks);
        return await context.Rows<UsageRow>().Where(row => row.KeyId == keyId)
            .ExecuteUpdateAsync(
                row => row
                    .SetProperty(old => old.Count, old => old.Count + count)
                    .SetProperty(old => old.LastUsedAt, old => old.LastUsedAt == null || old.LastUsedAt < last ? last : old.LastUsedAt),
                cancellationToken) > 0;
    }

    private static Task<int> UpdateLastUseAsync(DbContext context, ApiKeyUsageRecord use, CancellationToken cancellationToken)
    {
        var (digest, pepperId, last) = (use.Hash.Digest.ToArray(), use.Hash.PepperId ?? "", use.LastUsedAt.UtcTicks);
        return context.Rows<SecretRow>()
            .Where(row => row.Digest == digest && row.PepperId == pepperId && row.KeyId == use.KeyId
                && (row.LastUsedAt == null || row.LastUsedAt < last))
            .ExecuteUpdateAsync(row => row.SetProperty(old => old.LastUsedAt, last), cancellationToken);
    }

    private static async Task UpdateLastUseAsync(DbContext context, string keyId, string scope, long lastUsedTicks, CancellationToken cancellationToken)
    {
        var isThere = await context.Rows<ScopeUseRow>().Where(row => row.KeyId == keyId && row.Scope == scope)
            .ExecuteUpdateAsync(row => row.SetProperty(old => old.LastUsedAt, old => old.LastUsedAt < lastUsedTicks ? lastUsedTicks : old.LastUsedAt), cancellationToken) > 0;
        if (!isThere)
        {
            context.Add(new ScopeUseRow { KeyId = keyId, Scope = scope, LastUsedAt = lastUsedTicks });
        }
    }
}
