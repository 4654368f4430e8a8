using ApiKeyAuth.EntityFrameworkCore.Access;
using ApiKeyAuth.EntityFrameworkCore.Access.Usage;
using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore;

/// <summary>Provides a store in a relational database, in a context whose model calls <c>UseApiKeyAuth()</c>.</summary>
/// <typeparam name="TContext">The type of the context. Each call creates its own context with the factory.</typeparam>
public sealed class EntityFrameworkApiKeyStore<TContext>(IDbContextFactory<TContext> contexts)
    : IBatchWritableApiKeyStore, IBatchApiKeyStore, IPrefixApiKeyStore, IOrderedApiKeyStore, IApiKeyUsageStore, IApiKeyStoreWarmUp
    where TContext : DbContext
{
    private readonly WriteTransaction<TContext> _transaction = new(contexts);

    /// <inheritdoc/>
    public async ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var slot = await DatabaseConcurrencyLimiter.EnterReadAsync(contexts, context, cancellationToken);
        var query = FindQuery<TContext>.ForContext(context);
        foreach (var chunk in hashes.Chunk(FindQuery<TContext>.MaxHashes))
        {
            var rows = new List<JoinedKeyRow>(1);
            await foreach (var row in query.Run(context, chunk).WithCancellation(cancellationToken))
            {
                rows.Add(row);
            }

            if (rows.Count > 0)
            {
                // The first matching hash wins, in the order of the lookup.
                var keys = KeyRowQueries.ToKeys(rows).ToList();
                await KeyRowQueries.AddLastUsesAsync(context, keys, cancellationToken);
                return chunk.Select(hash => keys.Find(key => key.Secrets.Any(secret => secret.Hash.Equals(hash))))
                    .First(key => key is not null);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ApiKey?>> FindManyAsync(
        IReadOnlyList<IReadOnlyList<ApiKeyHash>> lookups, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lookups);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var slot = await DatabaseConcurrencyLimiter.EnterReadAsync(contexts, context, cancellationToken);
        var found = await FindManyQuery.RunAsync(context, lookups.SelectMany(hashes => hashes), cancellationToken);

        // The first matching hash wins, in the order of the lookup.
        return [.. lookups.Select(hashes => hashes.FirstOrDefault(found.ContainsKey) is { } hash ? found[hash] : null)];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ApiKey>> FindByPrefixAsync(
        IReadOnlyList<string> prefixes, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefixes);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var slot = await DatabaseConcurrencyLimiter.EnterReadAsync(contexts, context, cancellationToken);
        var rows = await context.JoinByPrefix([.. prefixes.Where(StorableText.IsStorable)], limit).ToListAsync(cancellationToken);
        var keys = KeyRowQueries.ToKeys(rows).ToList();
        await KeyRowQueries.AddLastUsesAsync(context, keys, cancellationToken);
        return keys;
    }

    /// <inheritdoc/>
    public async ValueTask<ApiKey?> GetAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!StorableText.IsStorable(id))
        {
            return null;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var slot = await DatabaseConcurrencyLimiter.EnterReadAsync(contexts, context, cancellationToken);
        var rows = await context.Rows<KeyRow>().Where(row => row.Id == id).JoinSecretsAndUsage(context).ToListAsync(cancellationToken);
        return KeyRowQueries.ToKeys(rows).SingleOrDefault();
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ApiKey>> ListAsync(ApiKeyFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(filter.Limit, 1);
        if (!IsStorable(filter))
        {
            return [];
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var slot = await DatabaseConcurrencyLimiter.EnterReadAsync(contexts, context, cancellationToken);
        var page = context.Rows<KeyRow>().ApplyFilter(context, filter).TakePage(filter);
        return [.. KeyRowQueries.ToKeys(await page.JoinSecretsAndUsage(context).ToListAsync(cancellationToken))];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ApiKey>> ListOrderedAsync(
        ApiKeyFilter filter, ApiKeyOrder order, int skip, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(filter.Limit, 1);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var slot = await DatabaseConcurrencyLimiter.EnterReadAsync(contexts, context, cancellationToken);
        return IsStorable(filter) ? await KeyRowQueries.ListOrderedAsync(context, filter, order, skip, cancellationToken) : [];
    }

    /// <inheritdoc/>
    public async ValueTask<long> CountAsync(ApiKeyFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (!IsStorable(filter))
        {
            return 0;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var slot = await DatabaseConcurrencyLimiter.EnterReadAsync(contexts, context, cancellationToken);
        return await context.Rows<KeyRow>().ApplyFilter(context, filter).LongCountAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<ApiKeyAddResult> AddAsync(
        ApiKey key, IReadOnlyList<ApiKeyQuota> quotas, ApiKeyAuditEntry audit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(quotas);
        StorableText.ThrowIfNotStorable(key);
        StorableText.ThrowIfNotStorable(audit);
        return await _transaction.RunAsync(
            (context, token) => KeyRowCommands.AddAsync(context, key, quotas, audit, token),
            ApiKeyAddResult.Added,
            AuditRow.FormatId(audit.Id),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ApiKeyAddResult>> CheckManyAsync(
        IReadOnlyList<ApiKey> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var slot = await DatabaseConcurrencyLimiter.EnterReadAsync(contexts, context, cancellationToken);
        return await KeyRowCommands.CheckManyAsync(context, keys, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ApiKeyAddResult>> AddManyAsync(
        IReadOnlyList<ApiKey> keys, IReadOnlyList<ApiKeyAuditEntry> audit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(audit);
        ArgumentOutOfRangeException.ThrowIfNotEqual(audit.Count, keys.Count);
        foreach (var (key, entry) in keys.Zip(audit))
        {
            StorableText.ThrowIfNotStorable(key);
            StorableText.ThrowIfNotStorable(entry);
        }

        // If the response to the commit is lost, the work does not run again.
        IReadOnlyList<ApiKeyAddResult> results = [.. keys.Select(_ => ApiKeyAddResult.Added)];
        await _transaction.RunAsync(
            async (context, token) =>
            {
                results = await KeyRowCommands.AddManyAsync(context, keys, audit, token);
                return results.All(result => result == ApiKeyAddResult.Added);
            },
            commitOn: true,
            audit.Count == 0 ? null : AuditRow.FormatId(audit[^1].Id),
            cancellationToken);
        return results;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryUpdateAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken)
    {
        StorableText.ThrowIfNotStorable(key);
        StorableText.ThrowIfNotStorable(audit);
        return await _transaction.RunAsync(
            (context, token) => KeyRowCommands.UpdateAsync(context, key, audit, token),
            commitOn: true,
            AuditRow.FormatId(audit.Id),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryDeleteAsync(ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        StorableText.ThrowIfNotStorable(audit);
        return await _transaction.RunAsync(
            (context, token) => KeyRowCommands.DeleteAsync(context, key, audit, token),
            commitOn: true,
            AuditRow.FormatId(audit.Id),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask AddUsageAsync(ApiKeyUsageBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        await _transaction.RunAsync(
            (context, token) => UsageRowCommands.AddAsync(context, batch, token), commitOn: true, auditId: null, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<ApiKeyUsageHistory> GetUsageAsync(ApiKeyUsageFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var slot = await DatabaseConcurrencyLimiter.EnterReadAsync(contexts, context, cancellationToken);
        return await UsageRowQueries.GetHistoryAsync(context, filter, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyList<ApiKeyUsagePeriod>>> ListUsageAsync(
        IReadOnlyCollection<string> keyIds, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keyIds);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var slot = await DatabaseConcurrencyLimiter.EnterReadAsync(contexts, context, cancellationToken);
        return await UsageRowQueries.ListPeriodsAsync(context, keyIds, since, until, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<ApiKeyUsageOrigins> GetUsageOriginsAsync(
        ApiKeyUsageFilter filter,
        IReadOnlyCollection<string> countries,
        IReadOnlyCollection<string> networks,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var slot = await DatabaseConcurrencyLimiter.EnterReadAsync(contexts, context, cancellationToken);
        return await UsageRowQueries.GetOriginsAsync(context, filter, countries, networks, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RollUpUsageAsync(ApiKeyUsageRetention retention, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(retention);
        var hasMore = false;
        await _transaction.RunAsync(
            async (context, token) =>
            {
                hasMore = await UsageRollUp.RunAsync(context, retention, token);
                return true;
            },
            commitOn: true, auditId: null, cancellationToken);
        return hasMore;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ApiKeyAuditEntry>> ListAuditAsync(ApiKeyAuditFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(filter.Limit, 1);
        if (!new[] { filter.TenantId, filter.KeyId, filter.Actor, filter.Action, filter.Address }.All(StorableText.IsStorable))
        {
            return [];
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var slot = await DatabaseConcurrencyLimiter.EnterReadAsync(contexts, context, cancellationToken);
        return [.. (await context.Rows<AuditRow>().ApplyFilter(filter).ToListAsync(cancellationToken)).Select(row => row.ToEntry())];
    }

    /// <inheritdoc/>
    public async ValueTask WarmUpAsync(CancellationToken cancellationToken) => await _transaction.RunAsync(
        async (context, token) =>
        {
            await KeyRowCommands.WarmUpAsync(context, token);
            return false;
        },
        commitOn: true, auditId: null, cancellationToken);

    // No key has text that cannot be stored, so a filter with such text matches none.
    private static bool IsStorable(ApiKeyFilter filter) =>
        new[]
        {
            filter.TenantId, filter.OwnerId, filter.CreatedBy, filter.Kind, filter.Environment, filter.NameContains, filter.AfterId,
        }
            .All(StorableText.IsStorable);
}
