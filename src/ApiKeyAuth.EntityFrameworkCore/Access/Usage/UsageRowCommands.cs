using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access.Usage;

/// <summary>Adds usage by increments in the database. Rows of deleted keys are not created again.</summary>
internal static class UsageRowCommands
{
    public static async Task<bool> AddAsync(DbContext context, ApiKeyUsageBatch batch, CancellationToken cancellationToken)
    {
        var id = AuditRow.FormatId(batch.Id);
        if (await context.Rows<BatchRow>().AnyAsync(row => row.Id == id, cancellationToken))
        {
            return true;
        }

        // If two transactions add the same batch, the second violates the unique index here after waiting, and is retried.
        context.Add(new BatchRow { Id = id, At = batch.CreatedAt.UtcTicks });
        await context.SaveChangesAsync(cancellationToken);

        // All flushes record the same order, and the rows of a key have the order in which a deletion locks them, to prevent deadlocks.
        var records = batch.Records.ToLookup(record => record.KeyId, StringComparer.Ordinal);
        var scopes = batch.Scopes.ToLookup(scope => scope.KeyId, StringComparer.Ordinal);
        var keys = records.Select(group => group.Key).Union(scopes.Select(group => group.Key), StringComparer.Ordinal);
        foreach (var key in keys.Where(StorableText.IsStorable).Order(StringComparer.Ordinal))
        {
            await AddAsync(context, key, records[key], scopes[key], cancellationToken);
        }

        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Locks the usage of a key until the transaction ends.</summary>
    /// <returns>False if the key does not exist.</returns>
    public static async Task<bool> TryLockAsync(DbContext context, string keyId, CancellationToken cancellationToken) =>
        await context.Rows<UsageRow>().Where(row => row.KeyId == keyId)
            .ExecuteUpdateAsync(row => row.SetProperty(old => old.Count, old => old.Count), cancellationToken) > 0;

    /// <summary>
    /// Adds to a row of the history, or adds the row when the context is next saved. The caller must hold the lock of the key's usage.
    /// </summary>
    public static async Task AddAsync(DbContext context, HistoryRow added, CancellationToken cancellationToken)
    {
        var isUpdated = await context.Rows<HistoryRow>()
            .Where(row => row.KeyId == added.KeyId && row.Start == added.Start && row.IsDay == added.IsDay
                && row.Outcome == added.Outcome && row.Country == added.Country && row.Network == added.Network)
            .ExecuteUpdateAsync(row => row.SetProperty(old => old.Count, old => old.Count + added.Count), cancellationToken) > 0;
        if (!isUpdated)
        {
            context.Add(added);
        }
    }

    private static async Task AddAsync(
        DbContext context,
        string keyId,
        IEnumerable<ApiKeyUsageRecord> records,
        IEnumerable<ApiKeyScopeLastUse> scopes,
        CancellationToken cancellationToken)
    {
        var uses = records.Where(record => record.LastUsedAt is not null);
        foreach (var secret in uses.GroupBy(record => record.Hash).OrderBy(secret => secret.Key.Format(), StringComparer.Ordinal))
        {
            await UpdateLastUseAsync(context, secret.MaxBy(record => record.LastUsedAt)!, cancellationToken);
        }

        if (!await TryAddTotalAsync(context, keyId, records, cancellationToken))
        {
            return;
        }

        foreach (var group in records.GroupBy(record => (record.Hour.UtcTicks, record.Outcome, record.Country, record.Network)))
        {
            var (start, outcome, country, network) = group.Key;
            var row = new HistoryRow
            {
                KeyId = keyId,
                Start = start,
                Outcome = outcome,
                Country = country,
                Network = network,
                Count = group.Sum(record => record.Count),
            };
            await AddAsync(context, row, cancellationToken);
        }

        foreach (var scope in scopes.GroupBy(record => record.Scope, StringComparer.Ordinal))
        {
            await UpdateLastUseAsync(context, keyId, scope.Key, scope.Max(record => record.LastUsedAt).UtcTicks, cancellationToken);
        }
    }

    private static async Task<bool> TryAddTotalAsync(
        DbContext context, string keyId, IEnumerable<ApiKeyUsageRecord> records, CancellationToken cancellationToken)
    {
        if (!records.Any())
        {
            return await TryLockAsync(context, keyId, cancellationToken);
        }

        var count = records.Sum(record => record.Count);
        var usage = context.Rows<UsageRow>().Where(row => row.KeyId == keyId);
        if (records.Max(record => record.LastUsedAt)?.UtcTicks is not { } last)
        {
            return await usage.ExecuteUpdateAsync(
                row => row.SetProperty(old => old.Count, old => old.Count + count), cancellationToken) > 0;
        }

        return await usage.ExecuteUpdateAsync(
            row => row
                .SetProperty(old => old.Count, old => old.Count + count)
                .SetProperty(old => old.LastUsedAt, old => old.LastUsedAt == null || old.LastUsedAt < last ? last : old.LastUsedAt),
            cancellationToken) > 0;
    }

    private static Task<int> UpdateLastUseAsync(DbContext context, ApiKeyUsageRecord record, CancellationToken cancellationToken)
    {
        var (digest, pepperId, last) = (record.Hash.Digest.ToArray(), record.Hash.PepperId ?? "", record.LastUsedAt!.Value.UtcTicks);
        return context.Rows<SecretRow>()
            .Where(row => row.Digest == digest && row.PepperId == pepperId && row.KeyId == record.KeyId
                && (row.LastUsedAt == null || row.LastUsedAt < last))
            .ExecuteUpdateAsync(row => row.SetProperty(old => old.LastUsedAt, last), cancellationToken);
    }

    private static async Task UpdateLastUseAsync(
        DbContext context, string keyId, string scope, long lastUsedTicks, CancellationToken cancellationToken)
    {
        var isUpdated = await context.Rows<ScopeUseRow>().Where(row => row.KeyId == keyId && row.Scope == scope)
            .ExecuteUpdateAsync(
                row => row.SetProperty(
                    old => old.LastUsedAt, old => old.LastUsedAt < lastUsedTicks ? lastUsedTicks : old.LastUsedAt),
                cancellationToken) > 0;
        if (!isUpdated)
        {
            context.Add(new ScopeUseRow { KeyId = keyId, Scope = scope, LastUsedAt = lastUsedTicks });
        }
    }
}
