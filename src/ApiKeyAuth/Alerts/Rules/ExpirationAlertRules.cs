using System.Collections.Concurrent;
using System.Globalization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>What nears its end: keys, looked for once an hour, and retiring secrets that are still used. What was put off, replaced or ended early is over at once.</summary>
internal sealed class ExpirationAlertRules(ApiKeyAlertOptions options, AlertRecorder recorder, IApiKeyAlertStore alertStore, TimeProvider clock)
{
    private const int PageSize = 200;
    private const int MaxNotified = 100_000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string KeyId, string About), bool> _notified = new();
    private long? _lastRun;

    /// <summary>Finds the retiring secret a key was used with, where it ends soon and half of its grace is gone.</summary>
    public IEnumerable<AlertFinding> FindRetiringSecrets(ApiKey key, KeyActivityEntry activity)
    {
        var now = clock.GetUtcNow();
        return key.Secrets.Skip(1)
            .Where(secret => secret.ExpiresAt is { } end && activity.Hashes.Contains(secret.Hash) && now < end && now >= GetNoticeTime(key, end))
            .Select(secret => new AlertFinding(
                ApiKeyAlertKinds.RetiringSecretInUse, Format(secret.ExpiresAt!.Value), secret.ExpiresAt.Value,
                $"API key {key.Id} is still used with a secret that a rotation is retiring, which ends at {Format(secret.ExpiresAt.Value)}.",
                ("endsAt", Format(secret.ExpiresAt.Value))));
    }

    /// <summary>Looks for keys that end soon, and at open alerts of ends that are none any more, where it is time to.</summary>
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
        var filter = new ApiKeyFilter { AllTenants = true, Status = ApiKeyStatus.Active, Now = now, ExpiredBefore = now + options.KeyExpiring, Limit = PageSize };
        IReadOnlyList<ApiKey> keys;
        do
        {
            keys = await store.ListAsync(filter, cancellationToken);
            foreach (var key in keys.Where(key => !_notified.ContainsKey((key.Id, Format(key.ExpiresAt!.Value.Instant)))))
            {
                var end = key.ExpiresAt!.Value.Instant;
                await recorder.FireAsync(
                    key, new AlertFinding(ApiKeyAlertKinds.KeyExpiring, Format(end), end, $"API key {key.Id} ends at {Format(end)}.", ("endsAt", Format(end))), cancellationToken);
                MarkNotified(key.Id, Format(end));
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
            foreach (var episode in open)
            {
                if (!await IsCurrentAsync(episode, stores, cancellationToken))
                {
                    await recorder.ResolveAsync(episode, cancellationToken);
                    _notified.TryRemove((episode.KeyId, episode.Discriminator), out _);
                }

                after = episode.Id;
            }
        }
        while (open.Count == PageSize);
    }

    /// <summary>Tells whether a key still has the end that was told.</summary>
    private static async Task<bool> IsCurrentAsync(ApiKeyAlertIncident incident, IReadOnlyList<IWritableApiKeyStore> stores, CancellationToken cancellationToken)
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
        // The current secret is as old as the rotation.
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
