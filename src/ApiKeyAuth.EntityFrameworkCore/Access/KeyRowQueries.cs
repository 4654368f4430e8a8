using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Provides filters, paging and joins of keys.</summary>
internal static class KeyRowQueries
{
    /// <summary>Joins keys with their secrets and usage in one statement, so that the result is consistent.</summary>
    public static IQueryable<JoinedKeyRow> JoinSecretsAndUsage(this IQueryable<KeyRow> keys, DbContext context) =>
        from key in keys
        from secret in context.Rows<SecretRow>().Where(row => row.KeyId == key.Id).DefaultIfEmpty()
        from usage in context.Rows<UsageRow>().Where(row => row.KeyId == key.Id).DefaultIfEmpty()
        orderby key.CreatedAt descending, key.Id
        select new JoinedKeyRow { Key = key, Secret = secret, Usage = usage };

    /// <summary>Joins the keys that have a secret with one of the prefixes with all their secrets, in one statement.</summary>
    public static IQueryable<JoinedKeyRow> JoinByPrefix(this DbContext context, string[] prefixes, int limit)
    {
        var ids = context.Rows<SecretRow>().Where(row => row.Prefix != null && prefixes.Contains(row.Prefix))
            .Select(row => row.KeyId).Distinct().OrderBy(id => id).Take(limit);
        return
            from id in ids
            join key in context.Rows<KeyRow>() on id equals key.Id
            join secret in context.Rows<SecretRow>() on key.Id equals secret.KeyId
            select new JoinedKeyRow { Key = key, Secret = secret };
    }

    /// <summary>Combines the rows of each key. The order of the keys does not change.</summary>
    public static IEnumerable<ApiKey> ToKeys(IEnumerable<JoinedKeyRow> rows) => rows
        .GroupBy(row => row.Key.Id, StringComparer.Ordinal)
        .Select(group => KeyRowMapper.ToKey(
            group.First().Key,
            group.Select(row => row.Secret).OfType<SecretRow>().DistinctBy(row => row.Position),
            group.First().Usage));

    /// <summary>Adds the last use to keys that expire when they are not used.</summary>
    /// <remarks>It is a statement of its own, because another join would slow down the lookup of every key.</remarks>
    public static async Task AddLastUsesAsync(DbContext context, List<ApiKey> keys, CancellationToken cancellationToken)
    {
        string[] ids = [.. keys.Where(key => key.ExpiresAfterIdleDays is not null).Select(key => key.Id)];
        if (ids.Length == 0)
        {
            return;
        }

        var uses = await context.Rows<UsageRow>().Where(row => ids.Contains(row.KeyId) && row.LastUsedAt != null)
            .ToDictionaryAsync(row => row.KeyId, row => row.LastUsedAt, StringComparer.Ordinal, cancellationToken);
        foreach (var (index, key) in keys.Index().ToList())
        {
            keys[index] = uses.TryGetValue(key.Id, out var last) ? key with { LastUsedAt = UtcTime.FromTicks(last) } : key;
        }
    }

    public static IQueryable<KeyRow> TakePage(this IQueryable<KeyRow> keys, ApiKeyFilter filter)
    {
        if (filter.AfterCreatedAt is { } after)
        {
            var (created, id) = (after.UtcTicks, filter.AfterId ?? "");
            keys = keys.Where(row => row.CreatedAt < created || (row.CreatedAt == created && string.Compare(row.Id, id) > 0));
        }

        return keys.OrderByDescending(row => row.CreatedAt).ThenBy(row => row.Id).Take(filter.Limit);
    }

    /// <summary>Lists keys in another order than newest first, with two statements.</summary>
    public static async Task<IReadOnlyList<ApiKey>> ListOrderedAsync(
        DbContext context, ApiKeyFilter filter, ApiKeyOrder order, int skip, CancellationToken cancellationToken)
    {
        string[] ids =
        [
            .. await Sort(context, context.Rows<KeyRow>().ApplyFilter(context, filter), order).Select(row => row.Id)
                .Skip(skip).Take(filter.Limit).ToListAsync(cancellationToken),
        ];
        var rows = await context.Rows<KeyRow>().WhereIds(ids).JoinSecretsAndUsage(context).ToListAsync(cancellationToken);
        var keys = KeyRowQueries.ToKeys(rows).ToDictionary(key => key.Id, StringComparer.Ordinal);

        // A key may have been deleted in the meantime.
        return [.. ids.Where(keys.ContainsKey).Select(id => keys[id])];
    }

    public static IQueryable<KeyRow> ApplyFilter(this IQueryable<KeyRow> keys, DbContext context, ApiKeyFilter filter)
    {
        keys = filter.AllTenants ? keys : keys.WhereTenant(filter.TenantId);
        keys = filter.Ids is { } ids ? keys.WhereIds([.. ids.Where(StorableText.IsStorable)]) : keys;
        keys = filter.OwnerId is { } owner ? keys.Where(row => row.OwnerId == owner) : keys;
        keys = filter.CreatedBy is { } creator ? keys.Where(row => row.CreatedBy == creator) : keys;
        keys = filter.Kind is { } kind ? keys.Where(row => row.Kind == kind) : keys;
        keys = filter.Environment is { } environment ? keys.Where(row => row.Environment == environment) : keys;
        keys = filter.NameContains is { } part ? keys.Where(row => row.Name.Contains(part)) : keys;
        keys = filter.Status is { } status ? keys.WhereStatus(context, status, filter.Now.UtcTicks) : keys;
        keys = filter.IdleBefore is { } idle ? keys.WhereIdle(context, idle.UtcTicks - 1) : keys;
        keys = filter.UnusedSince?.UtcTicks is { } since ? keys.WhereUnusedSince(context, since) : keys;
        keys = filter.HasLegacyHash ? keys.WhereLegacyHash(context) : keys;
        return filter.ExpiredBefore?.UtcTicks is { } end ? keys.Where(row => row.ExpiresAt < end) : keys;
    }

    // Null is a separate condition, because the app's context may compare nulls as SQL does.
    public static IQueryable<KeyRow> WhereTenant(this IQueryable<KeyRow> keys, string? tenantId) =>
        tenantId is null ? keys.Where(row => row.TenantId == null) : keys.Where(row => row.TenantId == tenantId);

    public static IQueryable<AuditRow> ApplyFilter(this IQueryable<AuditRow> entries, ApiKeyAuditFilter filter)
    {
        entries = filter.AllTenants ? entries
            : filter.TenantId is { } tenant ? entries.Where(row => row.TenantId == tenant)
            : entries.Where(row => row.TenantId == null);
        entries = filter.KeyId is { } key ? entries.Where(row => row.KeyId == key) : entries;
        entries = filter.Actor is { } actor ? entries.Where(row => row.Actor == actor) : entries;
        entries = filter.Action is { } action ? entries.Where(row => row.Action == action) : entries;
        entries = filter.Address is { } address ? entries.Where(row => row.Address == address) : entries;
        entries = filter.From?.UtcTicks is { } from ? entries.Where(row => row.At >= from) : entries;
        entries = filter.To?.UtcTicks is { } to ? entries.Where(row => row.At < to) : entries;
        if (filter.AfterId is { } after)
        {
            var id = AuditRow.FormatId(after);
            entries = entries.Where(row => string.Compare(row.Id, id) < 0);
        }

        return entries.OrderByDescending(row => row.Id).Take(filter.Limit);
    }

    public static IQueryable<KeyRow> WhereIds(this IQueryable<KeyRow> keys, string[] ids) =>
        keys.Where(row => ids.Contains(row.Id));

    private static IQueryable<KeyRow> WhereUnusedSince(this IQueryable<KeyRow> keys, DbContext context, long since) =>
        from key in keys
        join usage in context.Rows<UsageRow>() on key.Id equals usage.KeyId
        where (usage.LastUsedAt ?? key.CreatedAt) < since
        select key;

    // The hash of another system starts with the tilde, which is greater than every character of a pepper ID.
    private static IQueryable<KeyRow> WhereLegacyHash(this IQueryable<KeyRow> keys, DbContext context) =>
        keys.Where(row => context.Rows<SecretRow>().Any(secret => secret.KeyId == row.Id && string.Compare(secret.PepperId, "~") > 0));

    private static IQueryable<KeyRow> WhereStatus(this IQueryable<KeyRow> keys, DbContext context, ApiKeyStatus status, long now) =>
        status switch
        {
            ApiKeyStatus.Revoked => keys.Where(row => row.RevokedAt != null),
            ApiKeyStatus.Disabled => keys.Where(row => row.RevokedAt == null && !row.Enabled),
            ApiKeyStatus.Expired => keys.Where(row => row.RevokedAt == null && row.Enabled && row.ExpiresAt <= now),
            ApiKeyStatus.Pending => keys.WhereNotExpired(now).Where(row => row.NotBefore > now),
            ApiKeyStatus.Idle => keys.WhereStarted(now).WhereIdle(context, now),
            _ => keys.WhereStarted(now).WhereNotIdle(context, now),
        };

    private static IQueryable<KeyRow> WhereNotExpired(this IQueryable<KeyRow> keys, long now) =>
        keys.Where(row => row.RevokedAt == null && row.Enabled && (row.ExpiresAt == null || row.ExpiresAt > now));

    private static IQueryable<KeyRow> WhereStarted(this IQueryable<KeyRow> keys, long now) =>
        keys.WhereNotExpired(now).Where(row => row.NotBefore == null || row.NotBefore <= now);

    /// <summary>
    /// Filters the keys that expire until a time unless they are used, as <see cref="ApiKey.GetIdleExpiration"/> computes it.
    /// </summary>
    private static IQueryable<KeyRow> WhereIdle(this IQueryable<KeyRow> keys, DbContext context, long time)
    {
        var (day, limit) = (TimeSpan.TicksPerDay, time - ApiKey.IdleTolerance.Ticks);
        return keys.Where(row => row.ExpiresAfterIdleDays != null
            && row.CreatedAt + (day * row.ExpiresAfterIdleDays.Value) <= limit
            && (row.NotBefore == null || row.NotBefore + (day * row.ExpiresAfterIdleDays.Value) <= limit)
            && !context.Rows<UsageRow>().Any(usage => usage.KeyId == row.Id && usage.LastUsedAt != null
                && usage.LastUsedAt + (day * row.ExpiresAfterIdleDays.Value) > limit));
    }

    private static IQueryable<KeyRow> WhereNotIdle(this IQueryable<KeyRow> keys, DbContext context, long time)
    {
        var (day, limit) = (TimeSpan.TicksPerDay, time - ApiKey.IdleTolerance.Ticks);
        return keys.Where(row => row.ExpiresAfterIdleDays == null
            || row.CreatedAt + (day * row.ExpiresAfterIdleDays.Value) > limit
            || (row.NotBefore != null && row.NotBefore + (day * row.ExpiresAfterIdleDays.Value) > limit)
            || context.Rows<UsageRow>().Any(usage => usage.KeyId == row.Id && usage.LastUsedAt != null
                && usage.LastUsedAt + (day * row.ExpiresAfterIdleDays.Value) > limit));
    }

#pragma warning disable CA1304, CA1311 // The database converts the case, whose collation is that of the column.
    private static IQueryable<KeyRow> Sort(DbContext context, IQueryable<KeyRow> keys, ApiKeyOrder order) => order switch
    {
        ApiKeyOrder.Oldest => keys.OrderBy(row => row.CreatedAt).ThenBy(row => row.Id),
        ApiKeyOrder.Name => keys.OrderBy(row => row.Name.ToLower()).ThenBy(row => row.Id),
        ApiKeyOrder.NameDescending => keys.OrderByDescending(row => row.Name.ToLower()).ThenBy(row => row.Id),
        ApiKeyOrder.LastUsed =>
            from key in keys
            join usage in context.Rows<UsageRow>() on key.Id equals usage.KeyId
            orderby usage.LastUsedAt ?? 0, key.Id
            select key,
        ApiKeyOrder.LastUsedDescending =>
            from key in keys
            join usage in context.Rows<UsageRow>() on key.Id equals usage.KeyId
            orderby usage.LastUsedAt ?? 0 descending, key.Id
            select key,
        _ => keys.OrderByDescending(row => row.CreatedAt).ThenBy(row => row.Id),
    };
#pragma warning restore CA1304, CA1311
}
