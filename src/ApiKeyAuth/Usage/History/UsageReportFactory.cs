using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Usage.History;

/// <summary>Creates the report of a key from its history.</summary>
internal sealed class UsageReportFactory(ScopeCatalog catalog, TimeProvider clock)
{
    public ApiKeyUsageReport Create(
        ApiKey key, ApiKeyUsageRequest request, ApiKeyUsageFilter filter, ApiKeyUsageHistory history) => new()
        {
            KeyId = key.Id,
            From = filter.From,
            To = filter.To,
            Granularity = request.Granularity,
            LastUsedAt = history.LastUsedAt,
            Rows = CreateRows(history.Periods, request.Granularity),
            Countries = OrderByCount(history.Countries),
            Rejections = OrderByCount(history.Periods.Where(period => IsRejection(period.Outcome))
            .GroupBy(period => period.Outcome, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Sum(period => period.Count), StringComparer.Ordinal)),
            NetworkCount = history.NetworkCount,
            UnusedScopes = [.. key.Scopes.Where(scope => !IsUsed(scope, history.Scopes, clock.GetUtcNow().AddDays(-request.UnusedDays)))],
            UnusedDays = request.UnusedDays,
        };

    private static List<ApiKeyUsageRow> CreateRows(IReadOnlyList<ApiKeyUsagePeriod> periods, ApiKeyUsageGranularity granularity)
    {
        var isByDay = granularity == ApiKeyUsageGranularity.Day;
        return
        [
            .. periods
                .GroupBy(period => (
                    Start: isByDay ? UsageReportRange.FloorToDay(period.Start) : period.Start,
                    IsDay: isByDay || period.IsDay))
                .OrderBy(same => same.Key.Start)
                .Select(same => new ApiKeyUsageRow
                {
                    From = same.Key.Start,
                    To = same.Key.IsDay ? same.Key.Start.AddDays(1) : same.Key.Start.AddHours(1),
                    Requests = same.Sum(period => period.Count),
                    Succeeded = same.Where(period => period.Outcome == ApiKeyUsageOutcomes.Success).Sum(period => period.Count),
                    Outcomes = same.GroupBy(period => period.Outcome, StringComparer.Ordinal)
                        .ToDictionary(outcome => outcome.Key, outcome => outcome.Sum(period => period.Count), StringComparer.Ordinal),
                }),
        ];
    }

    private static KeyValuePair<string, long>[] OrderByCount(IReadOnlyDictionary<string, long> counts) =>
        [.. counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal)];

    private static bool IsRejection(string outcome) =>
        outcome is not (ApiKeyUsageOutcomes.Success or ApiKeyUsageOutcomes.ClientError or ApiKeyUsageOutcomes.ServerError);

    private bool IsUsed(string granted, IReadOnlyDictionary<string, DateTimeOffset> uses, DateTimeOffset since)
    {
        var grants = catalog.Expand(ScopeSet.Create([granted]));
        return uses.Any(use => use.Value >= since && grants.Contains(use.Key));
    }
}
