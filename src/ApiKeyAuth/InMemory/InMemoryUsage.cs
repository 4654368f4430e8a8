using System.Runtime.InteropServices;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.InMemory;

/// <summary>Stores the usage of keys in memory. It is not thread-safe.</summary>
internal sealed class InMemoryUsage
{
    private readonly Dictionary<string, KeyRecord> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, DateTimeOffset> _batches = [];

    /// <summary>Starts recording the usage of a key. Usage of other keys is skipped.</summary>
    public void Track(string keyId) => _keys.TryAdd(keyId, new KeyRecord());

    public void Remove(string keyId) => _keys.Remove(keyId);

    public void RemoveSecret(string keyId, ApiKeyHash hash) => _keys.GetValueOrDefault(keyId)?.Secrets.Remove(hash);

    public DateTimeOffset? GetLastUsedAt(string keyId) => _keys.GetValueOrDefault(keyId)?.LastUsedAt;

    /// <summary>Adds the last use to a key that expires when it is not used. Other keys are returned unchanged.</summary>
    public ApiKey ApplyLastUse(ApiKey key) =>
        key.ExpiresAfterIdleDays is not null && GetLastUsedAt(key.Id) is { } last ? key with { LastUsedAt = last } : key;

    public ApiKey ApplyUsage(ApiKey key) => _keys.TryGetValue(key.Id, out var record)
        ? key with
        {
            UsageCount = record.Count,
            LastUsedAt = record.LastUsedAt,
            Secrets =
            [
                .. key.Secrets.Select(secret => secret with
                {
                    LastUsedAt = record.Secrets.TryGetValue(secret.Hash, out var last) ? last : null,
                }),
            ],
        }
        : key;

    /// <summary>Adds a batch once.</summary>
    /// <param name="batch">The batch to add.</param>
    /// <param name="isKnownSecret">A function that determines whether a hash belongs to a secret of the key.</param>
    public void Add(ApiKeyUsageBatch batch, Func<ApiKeyHash, string, bool> isKnownSecret)
    {
        if (!_batches.TryAdd(batch.Id, batch.CreatedAt))
        {
            return;
        }

        foreach (var use in batch.Records)
        {
            if (_keys.TryGetValue(use.KeyId, out var record))
            {
                Add(record, use, isKnownSecret(use.Hash, use.KeyId));
            }
        }

        foreach (var use in batch.Scopes)
        {
            if (_keys.TryGetValue(use.KeyId, out var record))
            {
                record.Scopes[use.Scope] = Max(record.Scopes.GetValueOrDefault(use.Scope), use.LastUsedAt);
            }
        }
    }

    public ApiKeyUsageOrigins GetOrigins(
        ApiKeyUsageFilter filter, IReadOnlyCollection<string> countries, IReadOnlyCollection<string> networks)
    {
        var rows = GetRows(filter);
        return new ApiKeyUsageOrigins
        {
            IsUsed = rows.Count > 0,
            Countries = CountByOrigin(rows, row => row.Country, countries),
            HasOtherCountries = rows.Exists(row => row.Key.Country.Length > 0 && !countries.Contains(row.Key.Country)),
            Networks = CountByOrigin(rows, row => row.Network, networks),
            HasOtherNetworks = rows.Exists(row => row.Key.Network.Length > 0 && !networks.Contains(row.Key.Network)),
        };
    }

    public ApiKeyUsageHistory GetHistory(ApiKeyUsageFilter filter)
    {
        var rows = GetRows(filter);
        return new ApiKeyUsageHistory
        {
            Periods =
            [
                .. rows.GroupBy(row => (row.Key.Start, row.Key.IsDay, row.Key.Outcome))
                    .Select(same => new ApiKeyUsagePeriod
                    {
                        Start = same.Key.Start,
                        IsDay = same.Key.IsDay,
                        Outcome = same.Key.Outcome,
                        Count = same.Sum(row => row.Value),
                    })
                    .OrderBy(period => period.Start).ThenBy(period => period.Outcome, StringComparer.Ordinal),
            ],
            Countries = rows.GroupBy(row => row.Key.Country, StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => same.Sum(row => row.Value)),
            NetworkCount = rows.Select(row => row.Key.Network)
                .Where(network => network.Length > 0)
                .Distinct(StringComparer.Ordinal)
                .LongCount(),
            Scopes = new Dictionary<string, DateTimeOffset>(_keys.GetValueOrDefault(filter.KeyId)?.Scopes ?? [], StringComparer.Ordinal),
            LastUsedAt = _keys.GetValueOrDefault(filter.KeyId)?.LastUsedAt,
        };
    }

    public void RollUp(ApiKeyUsageRetention retention)
    {
        foreach (var history in _keys.Values.Select(record => record.History))
        {
            var oldHours = history.Where(row => !row.Key.IsDay && row.Key.Day.AddDays(1) <= retention.RollUpHoursBefore).ToList();
            foreach (var (row, count) in oldHours)
            {
                history.Remove(row);
                Add(history, row with { Start = row.Day, IsDay = true }, count);
            }

            foreach (var row in history.Keys.Where(row => row.IsDay && row.Start < retention.DeleteDaysBefore).ToList())
            {
                history.Remove(row);
            }
        }

        foreach (var id in _batches.Where(batch => batch.Value < retention.DeleteBatchesBefore).Select(batch => batch.Key).ToList())
        {
            _batches.Remove(id);
        }
    }

    private static void Add(KeyRecord record, ApiKeyUsageRecord usage, bool isKnownSecret)
    {
        record.Count += usage.Count;
        if (usage.LastUsedAt is { } last)
        {
            record.LastUsedAt = Max(record.LastUsedAt ?? default, last);
            if (isKnownSecret)
            {
                record.Secrets[usage.Hash] = Max(record.Secrets.GetValueOrDefault(usage.Hash), last);
            }
        }

        Add(record.History, new HistoryRow(usage.Hour, IsDay: false, usage.Outcome, usage.Country, usage.Network), usage.Count);
    }

    private static void Add(Dictionary<HistoryRow, long> history, HistoryRow row, long count) =>
        CollectionsMarshal.GetValueRefOrAddDefault(history, row, out _) += count;

    private static Dictionary<string, long> CountByOrigin(
        List<KeyValuePair<HistoryRow, long>> rows, Func<HistoryRow, string> getOrigin, IReadOnlyCollection<string> origins) =>
        rows.Where(row => origins.Contains(getOrigin(row.Key))).GroupBy(row => getOrigin(row.Key), StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Sum(row => row.Value), StringComparer.Ordinal);

    private List<KeyValuePair<HistoryRow, long>> GetRows(ApiKeyUsageFilter filter) =>
        _keys.GetValueOrDefault(filter.KeyId) is { } record
            ? [.. record.History.Where(row => row.Key.Start >= filter.From && row.Key.Start < filter.To)]
            : [];

    private static DateTimeOffset Max(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private sealed class KeyRecord
    {
        public long Count { get; set; }

        public DateTimeOffset? LastUsedAt { get; set; }

        public Dictionary<ApiKeyHash, DateTimeOffset> Secrets { get; } = [];

        public Dictionary<HistoryRow, long> History { get; } = [];

        public Dictionary<string, DateTimeOffset> Scopes { get; } = new(StringComparer.Ordinal);
    }

    private readonly record struct HistoryRow(DateTimeOffset Start, bool IsDay, string Outcome, string Country, string Network)
    {
        public DateTimeOffset Day => new(Start.UtcDateTime.Date, TimeSpan.Zero);
    }
}
