using System.Collections.Concurrent;
using System.Globalization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Usage;

/// <summary>What nears its end: keys, looked for once an hour, and retiring secrets that are still used. What was put off, replaced or ended early is over at once.</summary>
internal sealed class EndRules(ApiKeyAlertOptions options, AlertBook book, IApiKeyAlertStore alerts, TimeProvider clock)
{
    private const int Page = 200;
    private const int MostTold = 100_000;
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string KeyId, string About), bool> _told = new();
    private long? _last;

    /// <summary>Finds the retiring secret a key was used with, where it ends soon and half of its grace is gone.</summary>
    public IEnumerable<AlertFinding> FindRetiring(ApiKey key, SeenKey seen)
    {
        var now = clock.GetUtcNow();
        return key.Secrets.Skip(1)
            .Where(secret => secret.ExpiresAt is { } end && seen.Hashes.Contains(secret.Hash) && now < end && now >= NoticeOf(key, end))
            .Select(secret => new AlertFinding(
                ApiKeyAlertKinds.RetiringSecretInUse, Text(secret.ExpiresAt!.Value), secret.ExpiresAt.Value,
                $"API key {key.Id} is still used with a secret that a rotation is retiring, which ends at {Text(secret.ExpiresAt.Value)}.",
                ("endsAt", Text(secret.ExpiresAt.Value))));
    }

    /// <summary>Looks for keys that end soon, and at open alerts of ends that are none any more, where it is time to.</summary>
    public async Task RunAsync(IReadOnlyList<IWritableApiKeyStore> stores, CancellationToken cancellationToken)
    {
        if (_last is { } last && clock.GetElapsedTime(last) < Period)
        {
            return;
        }

        foreach (var store in options.KeyExpiring > TimeSpan.Zero ? stores : [])
        {
            await LookAsync(store, cancellationToken);
        }

        foreach (var kind in new[] { ApiKeyAlertKinds.KeyExpiring, ApiKeyAlertKinds.RetiringSecretInUse })
        {
            await CorrectAsync(kind, stores, cancellationToken);
        }

        _last = clock.GetTimestamp();
    }

    private async Task LookAsync(IWritableApiKeyStore store, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var filter = new ApiKeyFilter { AllTenants = true, Status = ApiKeyStatus.Active, Now = now, ExpiredBefore = now + options.KeyExpiring, Count = Page };
        IReadOnlyList<ApiKey> keys;
        do
        {
            keys = await store.ListAsync(filter, cancellationToken);
            foreach (var key in keys.Where(key => !_told.ContainsKey((key.Id, Text(key.ExpiresAt!.Value.Instant)))))
            {
                var end = key.ExpiresAt!.Value.Instant;
                await book.BeginAsync(
                    key, new AlertFinding(ApiKeyAlertKinds.KeyExpiring, Text(end), end, $"API key {key.Id} ends at {Text(end)}.", ("endsAt", Text(end))), cancellationToken);
                Remember(key.Id, Text(end));
            }

            filter = keys.Count == 0 ? filter : filter with { AfterCreatedAt = keys[^1].CreatedAt, AfterId = keys[^1].Id };
        }
        while (keys.Count == Page);
    }

    private async Task CorrectAsync(string kind, IReadOnlyList<IWritableApiKeyStore> stores, CancellationToken cancellationToken)
    {
        IReadOnlyList<ApiKeyAlertEpisode> open;
        Guid? after = null;
        do
        {
            open = await alerts.ListOpenAsync(kind, after, Page, cancellationToken);
            foreach (var episode in open)
            {
                if (!await HoldsAsync(episode, stores, cancellationToken))
                {
                    await book.EndAsync(episode, cancellationToken);
                    _told.TryRemove((episode.KeyId, episode.About), out _);
                }

                after = episode.Id;
            }
        }
        while (open.Count == Page);
    }

    /// <summary>Tells whether a key still has the end that was told.</summary>
    private static async Task<bool> HoldsAsync(ApiKeyAlertEpisode episode, IReadOnlyList<IWritableApiKeyStore> stores, CancellationToken cancellationToken)
    {
        foreach (var store in stores)
        {
            if (await store.GetAsync(episode.KeyId, cancellationToken) is { } key)
            {
                return key.RevokedAt is null && (episode.Kind == ApiKeyAlertKinds.KeyExpiring
                    ? key.ExpiresAt is { } end && Text(end.Instant) == episode.About
                    : key.Secrets.Skip(1).Any(secret => secret.ExpiresAt is { } end && Text(end) == episode.About));
            }
        }

        return false;
    }

    private DateTimeOffset NoticeOf(ApiKey key, DateTimeOffset end)
    {
        // The current secret is as old as the rotation.
        var half = end - ((end - key.Secrets[0].CreatedAt) / 2);
        return end - options.RetiringSecret > half ? end - options.RetiringSecret : half;
    }

    private void Remember(string keyId, string about)
    {
        if (_told.Count >= MostTold)
        {
            _told.Clear();
        }

        _told[(keyId, about)] = true;
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
