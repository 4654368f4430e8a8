using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Management;

/// <summary>Reads how a key was used, for those who may see the key.</summary>
internal sealed class UsageReader(IWritableApiKeyStore store, KeyReader reader, KeyWriter writer, ScopeCatalogue catalogue, TimeProvider clock)
{
    public async Task<ApiKeyResult<ApiKeyUsageReport>> ReadAsync(
        ApiKeyCaller caller, string id, ApiKeyUsageRequest request, CancellationToken cancellationToken)
    {
        var problems = new Dictionary<string, string>(request.Unread, StringComparer.Ordinal);
        var (from, to) = UsageSpan.Settle(request, clock.GetUtcNow(), problems);
        UnusedDays.Check(request.UnusedDays, problems);
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
            return Problems.UsageNotKept;
        }

        var filter = new ApiKeyUsageFilter { KeyId = id, From = from, To = to };
        var (history, problem) = await writer.TryAsync(caller, token => usage.GetUsageAsync(filter, token), cancellationToken);
        return problem is null ? Report(read.Value, request, filter, history!) : problem;
    }

    private ApiKeyUsageReport Report(ApiKey key, ApiKeyUsageRequest request, ApiKeyUsageFilter filter, ApiKeyUsageHistory history) => new()
    {
        KeyId = key.Id,
        From = filter.From,
        To = filter.To,
        By = request.By,
        LastUsedAt = key.LastUsedAt,
        Rows = Rows(history.Periods, request.By),
        Countries = MostFirst(history.Countries),
        Refusals = MostFirst(history.Periods.Where(period => IsRefusal(period.Outcome))
            .GroupBy(period => period.Outcome, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Sum(period => period.Count), StringComparer.Ordinal)),
        Networks = history.Networks,
        UnusedScopes = [.. key.Scopes.Where(scope => !IsNeeded(scope, history.Scopes, clock.GetUtcNow().AddDays(-request.UnusedDays)))],
        UnusedDays = request.UnusedDays,
    };

    private static List<ApiKeyUsageRow> Rows(IReadOnlyList<ApiKeyUsagePeriod> periods, ApiKeyUsageStep by) =>
    [
        .. periods.GroupBy(period => (Start: by == ApiKeyUsageStep.Day ? UsageSpan.Day(period.Start) : period.Start, IsDay: period.IsDay || by == ApiKeyUsageStep.Day))
            .OrderBy(same => same.Key.Start)
            .Select(same => new ApiKeyUsageRow
            {
                From = same.Key.Start,
                To = same.Key.IsDay ? same.Key.Start.AddDays(1) : same.Key.Start.AddHours(1),
                Requests = same.Sum(period => period.Count),
                Succeeded = same.Where(period => period.Outcome == ApiKeyUsageOutcomes.Success).Sum(period => period.Count),
            }),
    ];

    private static KeyValuePair<string, long>[] MostFirst(IReadOnlyDictionary<string, long> counts) =>
        [.. counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal)];

    private static bool IsRefusal(string outcome) =>
        outcome is not (ApiKeyUsageOutcomes.Success or ApiKeyUsageOutcomes.ClientError or ApiKeyUsageOutcomes.ServerError);

    private bool IsNeeded(string granted, IReadOnlyDictionary<string, DateTimeOffset> uses, DateTimeOffset since)
    {
        var grants = catalogue.Expand(ScopeSet.Create([granted]));
        return uses.Any(use => use.Value >= since && grants.Contains(use.Key));
    }
}
