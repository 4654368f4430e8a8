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
        }

        foreach (var kind in new[] { ApiKeyAlertKinds.KeyExpiring, ApiKeyAlertKinds.RetiringSecretInUse })
        {
            await ResolveOutdatedAsync(kind, stores, cancellationToken);
        }

        _lastRun = clock.GetTimestamp();
    }

    private async Task FindExpiringKeysAsync(IWritableApiKeyStore store, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var filter = new ApiKeyFilter
        {
            AllTenants = true,
            Status = ApiKeyStatus.Active,
            Now = now,
            ExpiredBefore = now + options.KeyExpiring,
            Limit = PageSize,
        };
        IReadOnlyList<ApiKey> keys;
        do
        {
            keys = await store.ListAsync(filter, cancellationToken);
            foreach (var key in keys.Where(key => !_notified.ContainsKey((key.Id, Format(key.ExpiresAt!.Value.Instant)))))
            {
                var expiration = key.ExpiresAt!.Value.Instant;
                var text = Format(expiration);
                var message = $"API key {key.Id} expires at {text}.";
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
                    ? key.ExpiresAt is { } end && Format(end.Instant) == incident.Discriminator
                    : key.Secrets.Skip(1).Any(secret => secret.ExpiresAt is { } end && Format(end) == incident.Discriminator));
            }
        }

        return false;
    }

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
