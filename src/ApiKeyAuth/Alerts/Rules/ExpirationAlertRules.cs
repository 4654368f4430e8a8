using System.Collections.Concurrent;
using System.Globalization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>Finds keys that expire soon, once an hour, and retiring secrets that are still used.</summary>
/// <remarks>An alert is resolved at once if the key or secret is extended, replaced or revoked.</remarks>
internal sealed class ExpirationAlertRules(
    ApiKeyAlertOptions options, AlertRecorder recorder, IApiKeyAlertStore alertStore, TimeProvider clock)
{
    private const int PageSize = 200;
    private const int MaxNotified = 100_000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string KeyId, string About), bool> _notified = new();
    private long? _lastRun;

    /// <summary>Finds a retiring secret in use that expires soon, in the second half of its grace period.</summary>
    public IEnumerable<AlertFinding> FindRetiringSecrets(ApiKey key, KeyActivityEntry activity)
    {
        var now = clock.GetUtcNow();
        return key.Secrets.Skip(1)
            .Where(secret => secret.ExpiresAt is { } expiration
                && activity.Hashes.Contains(secret.Hash)
                && now < expiration
                && now >= GetNoticeTime(key, expiration))
            .Select(secret => new AlertFinding(
                ApiKeyAlertKinds.RetiringSecretInUse,
                Format(secret.ExpiresAt!.Value),
                secret.ExpiresAt.Value,
                $"API key {key.Id} is still used with a retiring secret, which expires at {Format(secret.ExpiresAt.Value)}.",
                ("endsAt", Format(secret.ExpiresAt.Value))));
    }

    /// <summary>Finds keys that expire soon, and resolves alerts whose expiration has changed, if a check is due.</summary>
    public async Task RunAsync(IReadOnlyList<IWritableApiKeyStore> stores, CancellationToken cancellationToken)
    {
        if (_lastRun is { } last && clock.GetElapsedTime(last) < Interval)
        {
            return;
        }

        foreach (var store in options.KeyExpiring > TimeSpan.Zero ? stores : [])
        {
            await FindExpiringKeysAsync(store, cancellationToken);
            await FindIdleKeysAsync(store, cancellationToken);
        }

        foreach (var kind in new[] { ApiKeyAlertKinds.KeyExpiring, ApiKeyAlertKinds.RetiringSecretInUse })
        {
            await ResolveOutdatedAsync(kind, stores, cancellationToken);
        }

        _lastRun = clock.GetTimestamp();
    }

    private Task FindExpiringKeysAsync(IWritableApiKeyStore store, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return NotifyAsync(
            store,
            new ApiKeyFilter { Status = ApiKeyStatus.Active, Now = now, ExpiredBefore = now + options.KeyExpiring },
            key => key.ExpiresAt!.Value.Instant,
            "",
            cancellationToken);
    }

    /// <summary>Finds keys that expire soon because they are not used, in the second half of their idle time.</summary>
    /// <remarks>Otherwise, a key with an idle time shorter than the notice would be reported after each use.</remarks>
    private Task FindIdleKeysAsync(IWritableApiKeyStore store, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return NotifyAsync(
            store,
            new ApiKeyFilter { Status = ApiKeyStatus.Active, Now = now, IdleBefore = now + options.KeyExpiring },
            key => key.GetIdleExpiration() is { } end && end - now <= TimeSpan.FromDays(key.ExpiresAfterIdleDays!.Value) / 2 ? end : null,
            " unless it is used",
            cancellationToken);
    }

    private async Task NotifyAsync(
        IWritableApiKeyStore store,
        ApiKeyFilter filter,
        Func<ApiKey, DateTimeOffset?> getExpiration,
        string condition,
        CancellationToken cancellationToken)
    {
        filter = filter with { AllTenants = true, Limit = PageSize };
        IReadOnlyList<ApiKey> keys;
        do
        {
            keys = await store.ListAsync(filter, cancellationToken);
            foreach (var key in keys)
            {
                if (getExpiration(key) is not { } expiration || Format(expiration) is var text && _notified.ContainsKey((key.Id, text)))
                {
                    continue;
                }

                var message = $"API key {key.Id} expires at {text}{condition}.";
                var finding = new AlertFinding(ApiKeyAlertKinds.KeyExpiring, text, expiration, message, ("endsAt", text));
                await recorder.FireAsync(key, finding, cancellationToken);
                MarkNotified(key.Id, text);
            }

            filter = keys.Count == 0 ? filter : filter with { AfterCreatedAt = keys[^1].CreatedAt, AfterId = keys[^1].Id };
        }
        while (keys.Count == PageSize);
    }

    private async Task ResolveOutdatedAsync(string kind, IReadOnlyList<IWritableApiKeyStore> stores, CancellationToken cancellationToken)
    {
        IReadOnlyList<ApiKeyAlertIncident> open;
        Guid? after = null;
        do
        {
            open = await alertStore.ListFiringIncidentsAsync(kind, after, PageSize, cancellationToken);
            foreach (var incident in open)
            {
                if (!await IsCurrentAsync(incident, stores, cancellationToken))
                {
                    await recorder.ResolveAsync(incident, cancellationToken);
                    _notified.TryRemove((incident.KeyId, incident.Discriminator), out _);
                }

                after = incident.Id;
            }
        }
        while (open.Count == PageSize);
    }

    /// <summary>Determines whether a key still has the expiration that was reported.</summary>
    private static async Task<bool> IsCurrentAsync(
        ApiKeyAlertIncident incident, IReadOnlyList<IWritableApiKeyStore> stores, CancellationToken cancellationToken)
    {
        foreach (var store in stores)
        {
            if (await store.GetAsync(incident.KeyId, cancellationToken) is { } key)
            {
                return key.RevokedAt is null && (incident.Kind == ApiKeyAlertKinds.KeyExpiring
                    ? IsExpiration(key.ExpiresAt?.Instant, incident) || IsExpiration(key.GetIdleExpiration(), incident)
                    : key.Secrets.Skip(1).Any(secret => secret.ExpiresAt is { } end && Format(end) == incident.Discriminator));
            }
        }

        return false;
    }

    private static bool IsExpiration(DateTimeOffset? time, ApiKeyAlertIncident incident) =>
        time is { } end && Format(end) == incident.Discriminator;

    private DateTimeOffset GetNoticeTime(ApiKey key, DateTimeOffset expiration)
    {
        // The current secret was created by the rotation.
        var half = expiration - ((expiration - key.Secrets[0].CreatedAt) / 2);
        return expiration - options.RetiringSecret > half ? expiration - options.RetiringSecret : half;
    }

    private void MarkNotified(string keyId, string discriminator)
    {
        if (_notified.Count >= MaxNotified)
        {
            _notified.Clear();
        }

        _notified[(keyId, discriminator)] = true;
    }

    private static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
