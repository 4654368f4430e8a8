using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Usage.History;

/// <summary>Reads the usage of a key for callers who may see the key.</summary>
internal sealed class UsageReader(
    IWritableApiKeyStore store, KeyQueries reader, KeyCommands writer, ScopeCatalog catalog, TimeProvider clock)
{
    public async Task<ApiKeyResult<ApiKeyUsageReport>> ReadAsync(
        ApiKeyCaller caller, string id, ApiKeyUsageRequest request, CancellationToken cancellationToken)
    {
        var problems = new Dictionary<string, string>(request.ParseErrors, StringComparer.Ordinal);
        var (from, to) = UsageReportRange.Resolve(request, clock.GetUtcNow(), problems);
        UnusedDaysRule.Validate(request.UnusedDays, problems);
        if (problems.Count > 0)
        {
            return Problems.Invalid(problems);
        }

        var read = await reader.GetAsync(caller, id, cancellationToken);
        if (!read.Succeeded)
        {
            return read.Problem;
        }

        if (store is not IApiKeyUsageStore usage)
        {
            return Problems.UsageNotSupported;
        }

        var filter = new ApiKeyUsageFilter { KeyId = id, From = from, To = to };
        var (history, problem) = await writer.TryCallStoreAsync(caller, token => usage.GetUsageAsync(filter, token), cancellationToken);
        return problem is null ? CreateReport(read.Value, request, filter, history!) : problem;
    }

    private ApiKeyUsageReport CreateReport(
        ApiKey key, ApiKeyUsageRequest request, ApiKeyUsageFilter filter, ApiKeyUsageHistory history) => new()
    {
        KeyId = key.Id,
        From = filter.From,
        To = filter.To,
        Granularity = request.Granularity,
        LastUsedAt = key.LastUsedAt,
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
