using System.Security.Cryptography;
using ApiKeyAuth.EntityFrameworkCore.Access.Usage;
using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Writes keys. Each method must run in a transaction.</summary>
internal static class KeyRowCommands
{
    /// <summary>The maximum number of parameters in one statement. SQL Server allows 2,100.</summary>
    private const int MaxParameters = 512;

    public static async Task<ApiKeyAddResult> AddAsync(
        DbContext context, ApiKey key, IReadOnlyList<ApiKeyQuota> quotas, ApiKeyAuditEntry audit, CancellationToken cancellationToken)
    {
        if (await context.Rows<KeyRow>().AnyAsync(row => row.Id == key.Id, cancellationToken))
        {
            return ApiKeyAddResult.IdTaken;
        }

        foreach (var secret in key.Secrets)
        {
            if (await IsTakenAsync(context, secret.Hash, cancellationToken))
            {
                return ApiKeyAddResult.HashTaken;
            }
        }

        if (quotas.Count > 0 && await QuotaCheck.IsQuotaReachedAsync(context, quotas, cancellationToken))
        {
            return ApiKeyAddResult.QuotaExceeded;
        }

        AddRows(context, key, audit);
        await context.SaveChangesAsync(cancellationToken);
        return ApiKeyAddResult.Added;
    }

    /// <summary>Determines which keys could be added together.</summary>
    public static async Task<ApiKeyAddResult[]> CheckManyAsync(
        DbContext context, IReadOnlyList<ApiKey> keys, CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var chunk in keys.Select(key => key.Id).Where(StorableText.IsStorable).Chunk(MaxParameters))
        {
            ids.UnionWith(await context.Rows<KeyRow>().WhereIds(chunk).Select(row => row.Id).ToListAsync(cancellationToken));
        }

        var hashes = new HashSet<ApiKeyHash>();
        foreach (var chunk in keys.SelectMany(key => key.Secrets).Select(secret => secret.Hash.Digest.ToArray()).Chunk(MaxParameters))
        {
            var digests = chunk.ToList();
            var taken = await context.Rows<SecretRow>().Where(row => digests.Contains(row.Digest))
                .Select(row => new { row.Digest, row.PepperId }).ToListAsync(cancellationToken);
            hashes.UnionWith(taken.Select(row => new ApiKeyHash(row.Digest, row.PepperId.Length == 0 ? null : row.PepperId)));
        }

        return
        [
            .. keys.Select(key =>
                !ids.Add(key.Id) ? ApiKeyAddResult.IdTaken
                : !key.Secrets.All(secret => hashes.Add(secret.Hash)) ? ApiKeyAddResult.HashTaken
                : ApiKeyAddResult.Added),
        ];
    }

    /// <summary>Adds keys if all of them can be added.</summary>
    public static async Task<ApiKeyAddResult[]> AddManyAsync(
        DbContext context, IReadOnlyList<ApiKey> keys, IReadOnlyList<ApiKeyAuditEntry> audit, CancellationToken cancellationToken)
    {
        var results = await CheckManyAsync(context, keys, cancellationToken);
        if (Array.TrueForAll(results, result => result == ApiKeyAddResult.Added))
        {
            await AddRowsAsync(context, keys, audit, cancellationToken);
        }

        return results;
    }

    public static async Task<bool> UpdateAsync(DbContext context, ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken)
    {
        // The first statement locks the row by its version. A later transaction finds another version.
        if (await UpdateRowAsync(context, KeyRowMapper.ToRow(key, key.Version + 1), key.Version, cancellationToken) == 0
            || !await ReplaceSecretsAsync(context, key, cancellationToken))
        {
            return false;
        }

        context.Add(AuditRow.From(audit));
        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Deletes a key and its dependent rows. The app's context may have disabled cascading deletes.</summary>
    public static async Task<bool> DeleteAsync(DbContext context, ApiKey key, ApiKeyAuditEntry audit, CancellationToken cancellationToken)
    {
        // The key is locked first, by its version. The other rows follow in the order in which usage is written, to prevent deadlocks.
        var row = context.Rows<KeyRow>().Where(row => row.Id == key.Id && row.Version == key.Version);
        if (await row.ExecuteUpdateAsync(same => same.SetProperty(old => old.Version, old => old.Version), cancellationToken) == 0)
        {
            return false;
        }

        await context.Rows<SecretRow>().Where(secret => secret.KeyId == key.Id).ExecuteDeleteAsync(cancellationToken);
        await UsageRowCommands.TryLockAsync(context, key.Id, cancellationToken);
        await context.Rows<HistoryRow>().Where(use => use.KeyId == key.Id).ExecuteDeleteAsync(cancellationToken);
        await context.Rows<ScopeUseRow>().Where(use => use.KeyId == key.Id).ExecuteDeleteAsync(cancellationToken);
        await context.Rows<UsageRow>().Where(usage => usage.KeyId == key.Id).ExecuteDeleteAsync(cancellationToken);
        await context.Rows<AlertSettingsRow>().Where(settings => settings.KeyId == key.Id).ExecuteDeleteAsync(cancellationToken);
        await row.ExecuteDeleteAsync(cancellationToken);
        context.Add(AuditRow.From(audit));
        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Adds a key without a usable secret, changes it and deletes it. The caller rolls everything back.</summary>
    public static async Task WarmUpAsync(DbContext context, CancellationToken cancellationToken)
    {
        var id = $"warm-up-{Guid.NewGuid():N}";
        var now = DateTimeOffset.UnixEpoch;
        var secret = new ApiKeySecret { Hash = new ApiKeyHash(RandomNumberGenerator.GetBytes(ApiKeyHash.Length)), CreatedAt = now };
        var key = new ApiKey { Id = id, Name = "warm-up", Secrets = [secret], CreatedAt = now, Version = 1, Enabled = false };
        await AddAsync(context, key, [], Entry(), cancellationToken);
        context.ChangeTracker.Clear();
        await UpdateAsync(context, key, Entry(), cancellationToken);
        context.ChangeTracker.Clear();
        await DeleteAsync(context, key with { Version = 2 }, Entry(), cancellationToken);

        ApiKeyAuditEntry Entry() => new()
        {
            Id = Guid.CreateVersion7(now),
            At = now,
            Action = "warm-up",
            KeyId = id,
            Actor = "system",
            Changes = "{}",
        };
    }

    private static async Task AddRowsAsync(
        DbContext context, IReadOnlyList<ApiKey> keys, IReadOnlyList<ApiKeyAuditEntry> audit, CancellationToken cancellationToken)
    {
        if (PreparedInsert.CanReplaceTracking(context))
        {
            await PreparedInsert.EnlargeCacheAsync(context, cancellationToken);
            await PreparedInsert.RunAsync(context, keys.Select(key => KeyRowMapper.ToRow(key, version: 1)), cancellationToken);
            await PreparedInsert.RunAsync(context, keys.SelectMany(ToSecretRows), cancellationToken);
            await PreparedInsert.RunAsync(context, keys.Select(key => new UsageRow { KeyId = key.Id }), cancellationToken);
            await PreparedInsert.RunAsync(context, audit.Select(AuditRow.From), cancellationToken);
            return;
        }

        foreach (var (key, entry) in keys.Zip(audit))
        {
            AddRows(context, key, entry);
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    private static IEnumerable<SecretRow> ToSecretRows(ApiKey key) =>
        key.Secrets.Select((secret, position) => KeyRowMapper.ToRow(secret, key.Id, position));

    private static void AddRows(DbContext context, ApiKey key, ApiKeyAuditEntry audit)
    {
        context.Add(KeyRowMapper.ToRow(key, version: 1));
        context.AddRange(ToSecretRows(key));
        context.Add(new UsageRow { KeyId = key.Id });
        context.Add(AuditRow.From(audit));
    }

    private static Task<int> UpdateRowAsync(DbContext context, KeyRow changed, long version, CancellationToken cancellationToken) => context
        .Rows<KeyRow>().Where(row => row.Id == changed.Id && row.Version == version)
        .ExecuteUpdateAsync(
            row => row
                .SetProperty(old => old.Name, changed.Name)
                .SetProperty(old => old.Kind, changed.Kind)
                .SetProperty(old => old.Environment, changed.Environment)
                .SetProperty(old => old.TenantId, changed.TenantId)
                .SetProperty(old => old.OwnerId, changed.OwnerId)
                .SetProperty(old => old.Scopes, changed.Scopes)
                .SetProperty(old => old.RateLimits, changed.RateLimits)
                .SetProperty(old => old.Networks, changed.Networks)
                .SetProperty(old => old.Audiences, changed.Audiences)
                .SetProperty(old => old.Metadata, changed.Metadata)
                .SetProperty(old => old.Enabled, changed.Enabled)
                .SetProperty(old => old.RevokedAt, changed.RevokedAt)
                .SetProperty(old => old.RevocationReason, changed.RevocationReason)
                .SetProperty(old => old.ExpiresAt, changed.ExpiresAt)
                .SetProperty(old => old.ExpiresOnDate, changed.ExpiresOnDate)
                .SetProperty(old => old.NotBefore, changed.NotBefore)
                .SetProperty(old => old.ExpiresAfterIdleDays, changed.ExpiresAfterIdleDays)
                .SetProperty(old => old.CreatedAt, changed.CreatedAt)
                .SetProperty(old => old.CreatedBy, changed.CreatedBy)
                .SetProperty(old => old.Version, changed.Version),
            cancellationToken);

    private static async Task<bool> ReplaceSecretsAsync(DbContext context, ApiKey key, CancellationToken cancellationToken)
    {
        // Changed by statements, because the app's context may not detect changes by comparing values.
        var old = await context.Rows<SecretRow>().Where(row => row.KeyId == key.Id).ToListAsync(cancellationToken);
        foreach (var removed in old.Where(row => !key.Secrets.Any(secret => KeyRowMapper.HasHash(row, secret.Hash))))
        {
            await WhereSecret(context, removed).ExecuteDeleteAsync(cancellationToken);
        }

        foreach (var (position, secret) in key.Secrets.Index())
        {
            var changed = KeyRowMapper.ToRow(secret, key.Id, position);
            if (old.Find(row => KeyRowMapper.HasHash(row, secret.Hash)) is { } kept)
            {
                await UpdateAsync(context, kept, changed, cancellationToken);
            }
            else if (await IsTakenAsync(context, secret.Hash, cancellationToken))
            {
                return false;
            }
            else
            {
                context.Add(changed);
            }
        }

        return true;
    }

    private static async Task UpdateAsync(DbContext context, SecretRow existing, SecretRow changed, CancellationToken cancellationToken)
    {
        if ((existing.Position, existing.Hint) == (changed.Position, changed.Hint)
            && (existing.CreatedAt, existing.ExpiresAt, existing.LeakedAt) == (changed.CreatedAt, changed.ExpiresAt, changed.LeakedAt))
        {
            return;
        }

        // LastUsedAt is written by the usage flush only.
        await WhereSecret(context, existing).ExecuteUpdateAsync(
            row => row
                .SetProperty(old => old.Position, changed.Position)
                .SetProperty(old => old.Hint, changed.Hint)
                .SetProperty(old => old.CreatedAt, changed.CreatedAt)
                .SetProperty(old => old.ExpiresAt, changed.ExpiresAt)
                .SetProperty(old => old.LeakedAt, changed.LeakedAt),
            cancellationToken);
    }

    private static IQueryable<SecretRow> WhereSecret(DbContext context, SecretRow secret) =>
        context.Rows<SecretRow>().Where(row => row.Digest == secret.Digest && row.PepperId == secret.PepperId);

    private static Task<bool> IsTakenAsync(DbContext context, ApiKeyHash hash, CancellationToken cancellationToken)
    {
        var (digest, pepperId) = (hash.Digest.ToArray(), hash.PepperId ?? "");
        return context.Rows<SecretRow>().AnyAsync(row => row.Digest == digest && row.PepperId == pepperId, cancellationToken);
    }
}
