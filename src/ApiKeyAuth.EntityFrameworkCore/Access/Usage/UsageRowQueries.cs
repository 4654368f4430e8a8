using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access.Usage;

/// <summary>Reads the usage of a key. The database computes the sums.</summary>
internal static class UsageRowQueries
{
    public static async Task<ApiKeyUsageHistory> GetHistoryAsync(
        DbContext context, ApiKeyUsageFilter filter, CancellationToken cancellationToken)
    {
        var (id, rows) = FilterRows(context, filter);
        return new ApiKeyUsageHistory
        {
            Periods = await GetPeriodsAsync(rows, cancellationToken),
            Countries = await SumCountsAsync(rows.GroupBy(row => row.Country), cancellationToken),
            NetworkCount = await rows.Where(row => row.Network != "").Select(row => row.Network)
                .Distinct().LongCountAsync(cancellationToken),
            Scopes = await context.Rows<ScopeUseRow>().Where(row => row.KeyId == id)
                .ToDictionaryAsync(row => row.Scope, row => UtcTime.FromTicks(row.LastUsedAt), StringComparer.Ordinal, cancellationToken),
            LastUsedAt = UtcTime.FromTicks(await context.Rows<UsageRow>().Where(row => row.KeyId == id)
                .Select(row => row.LastUsedAt).SingleOrDefaultAsync(cancellationToken)),
        };
    }

    /// <summary>Reads the requests of several keys in one query.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<ApiKeyUsagePeriod>>> ListPeriodsAsync(
        DbContext context,
        IReadOnlyCollection<string> keyIds,
        DateTimeOffset since,
        DateTimeOffset until,
        CancellationToken cancellationToken)
    {
        var (ids, start, end) = (keyIds.Where(StorableText.IsStorable).ToArray(), since.UtcTicks, until.UtcTicks);
        if (ids.Length == 0)
        {
            return new Dictionary<string, IReadOnlyList<ApiKeyUsagePeriod>>();
        }

        var periods = await context.Rows<HistoryRow>().Where(row => ids.Contains(row.KeyId) && row.Start >= start && row.Start < end)
            .GroupBy(row => new { row.KeyId, row.Start, row.IsDay, row.Outcome })
            .Select(group => new { group.Key, Count = group.Sum(row => row.Count) })
            .ToListAsync(cancellationToken);
        return periods.GroupBy(period => period.Key.KeyId, StringComparer.Ordinal).ToDictionary(
            group => group.Key,
            group => (IReadOnlyList<ApiKeyUsagePeriod>)
            [
                .. group.OrderBy(period => period.Key.Start).ThenBy(period => period.Key.Outcome, StringComparer.Ordinal)
                    .Select(period => CreatePeriod(period.Key.Start, period.Key.IsDay, period.Key.Outcome, period.Count)),
            ],
            StringComparer.Ordinal);
    }

    public static async Task<ApiKeyUsageOrigins> GetOriginsAsync(
        DbContext context,
        ApiKeyUsageFilter filter,
        IReadOnlyCollection<string> countries,
        IReadOnlyCollection<string> networks,
        CancellationToken cancellationToken)
    {
        var (_, rows) = FilterRows(context, filter);
        return new ApiKeyUsageOrigins
        {
            IsUsed = await rows.AnyAsync(cancellationToken),
            Countries = countries.Count == 0 ? new Dictionary<string, long>()
                : await SumCountsAsync(rows.Where(row => countries.Contains(row.Country)).GroupBy(row => row.Country), cancellationToken),
            HasOtherCountries = await rows.AnyAsync(row => row.Country != "" && !countries.Contains(row.Country), cancellationToken),
            Networks = networks.Count == 0 ? new Dictionary<string, long>()
                : await SumCountsAsync(rows.Where(row => networks.Contains(row.Network)).GroupBy(row => row.Network), cancellationToken),
            HasOtherNetworks = await rows.AnyAsync(row => row.Network != "" && !networks.Contains(row.Network), cancellationToken),
        };
    }

    private static Task<Dictionary<string, long>> SumCountsAsync(
        IQueryable<IGrouping<string, HistoryRow>> rows, CancellationToken cancellationToken) =>
        rows.Select(group => new { group.Key, Count = group.Sum(row => row.Count) })
            .ToDictionaryAsync(group => group.Key, group => group.Count, StringComparer.Ordinal, cancellationToken);

    private static (string Id, IQueryable<HistoryRow> Rows) FilterRows(DbContext context, ApiKeyUsageFilter filter)
    {
        var (id, from, to) = (StorableText.IsStorable(filter.KeyId) ? filter.KeyId : "", filter.From.UtcTicks, filter.To.UtcTicks);
        return (id, context.Rows<HistoryRow>().Where(row => row.KeyId == id && row.Start >= from && row.Start < to));
    }

    private static async Task<IReadOnlyList<ApiKeyUsagePeriod>> GetPeriodsAsync(
        IQueryable<HistoryRow> rows, CancellationToken cancellationToken)
    {
        var periods = await rows.GroupBy(row => new { row.Start, row.IsDay, row.Outcome })
            .Select(group => new { group.Key, Count = group.Sum(row => row.Count) })
            .ToListAsync(cancellationToken);
        return
        [
            .. periods.OrderBy(period => period.Key.Start).ThenBy(period => period.Key.Outcome, StringComparer.Ordinal)
                .Select(period => CreatePeriod(period.Key.Start, period.Key.IsDay, period.Key.Outcome, period.Count)),
        ];
    }

    private static ApiKeyUsagePeriod CreatePeriod(long start, bool isDay, string outcome, long count) => new()
    {
        Start = UtcTime.FromTicks(start),
        IsDay = isDay,
        Outcome = outcome,
        Count = count,
    };
}
