using ApiKeyAuth.Dashboard.Charts;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Dashboard.Models;

/// <summary>Represents the overview.</summary>
internal sealed record OverviewModel
{
    public const int Days = 7;
    public const int MaxItems = 8;

    public required IReadOnlyList<ApiKey> Keys { get; init; }

    public required long Total { get; init; }

    /// <summary>Gets the number of active keys.</summary>
    public required long Active { get; init; }

    /// <summary>Gets a value indicating whether there are more keys than are included.</summary>
    public required bool IsPartial { get; init; }

    /// <summary>Gets a value indicating whether the requests are those of the newest keys and not of those that were used last.</summary>
    public required bool IsNewest { get; init; }

    /// <summary>Gets the requests of the last days by key ID, or null if the store does not count usage.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ApiKeyUsagePeriod>>? Usage { get; init; }

    public required IReadOnlyList<Attention> Items { get; init; }

    /// <summary>Gets a value indicating whether more keys need attention than were read.</summary>
    public bool HasMoreItems { get; init; }

    public IEnumerable<ApiKeyUsagePeriod> Periods => Usage?.Values.SelectMany(periods => periods) ?? [];

    /// <summary>Gets the requests of each group of <see cref="OutcomeGroup"/>.</summary>
    public long[] Outcomes => OutcomeGroup.Sum(Periods.Select(period => KeyValuePair.Create(period.Outcome, period.Count)));

    /// <summary>Gets the keys with the most requests.</summary>
    public IReadOnlyList<(ApiKey Key, long Requests)> Top =>
    [
        .. Keys.Select(key => (key, Usage?.GetValueOrDefault(key.Id)?.Sum(period => period.Count) ?? 0))
            .Where(pair => pair.Item2 > 0).OrderByDescending(pair => pair.Item2).Take(MaxItems),
    ];
}
