using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Reads a key's history, added up by the database.</summary>
internal static class UsageQueries
{
    public static async Task<ApiKeyUsageHistory> ReadAsync(DbContext context, ApiKeyUsageFilter filter, CancellationToken cancellationToken)
    {
        var (id, rows) = Rows(context, filter);
        return new ApiKeyUsageHistory
        {
            Periods = await PeriodsAsync(rows, cancellationToken),
            Countries = await CountAsync(rows.GroupBy(row => row.Country), cancellationToken),
            Networks = await rows.Where(row => row.Network != "").Select(row => row.Network).Distinct().LongCountAsync(cancellationToken),
            Scopes = await context.Rows<ScopeUseRow>().Where(row => row.KeyId == id)
                .ToDictionaryAsync(row => row.Scope, row => Moment.From(row.LastUsedAt), StringComparer.Ordinal, cancellationToken),
        };
    }

    public static async Task<ApiKeyUsageTrace> TraceAsync(
        DbContext context, ApiKeyUsageFilter filter, IReadOnlyCollection<string> countries, IReadOnlyCollection<string> networks, CancellationToken cancellationToken)
    {
        var (_, rows) = Rows(context, filter);
        return new ApiKeyUsageTrace
        {
            IsUsed = await rows.AnyAsync(cancellationToken),
            Countries = countries.Count == 0 ? new Dictionary<string, long>()
                : await CountAsync(rows.Where(row => countries.Contains(row.Country)).GroupBy(row => row.Country), cancellationToken),
            HasOtherCountries = await rows.AnyAsync(row => row.Country != "" && !countries.Contains(row.Country), cancellationToken),
            Networks = networks.Count == 0 ? new Dictionary<string, long>()
                : await CountAsync(rows.Where(row => networks.Contains(row.Network)).GroupBy(row => row.Network), cancellationToken),
            HasOtherNetworks = await rows.AnyAsync(row => row.Network != "" && !networks.Contains(row.Network), cancellationToken),
        };
    }

    private static Task<Dictionary<string, long>> CountAsync(
        IQueryable<IGrouping<string, HistoryRow>> rows, CancellationToken cancellationToken) =>
        rows.Select(same => new { same.Key, Count = same.Sum(row => row.Count) })
            .ToDictionaryAsync(same => same.Key, same => same.Count, StringComparer.Ordinal, cancellationToken);

    private static (string Id, IQueryable<HistoryRow> Rows) Rows(DbContext context, ApiKeyUsageFilter filter)
    {
        var (id, from, to) = (StorableText.IsStorable(filter.KeyId) ? filter.KeyId : "", filter.From.UtcTicks, filter.To.UtcTicks);
        return (id, context.Rows<HistoryRow>().Where(row => row.KeyId == id && row.Start >= from && row.Start < to));
    }

    private static async Task<IReadOnlyList<ApiKeyUsagePeriod>> PeriodsAsync(IQueryable<HistoryRow> rows, CancellationToken cancellationToken)
    {
        var periods = await rows.GroupBy(row => new { row.Start, row.IsDay, row.Outcome })
            .Select(same => new { same.Key, Count = same.Sum(row => row.Count) })
            .ToListAsync(cancellationToken);
        return
        [
            .. periods.OrderBy(period => period.Key.Start).ThenBy(period => period.Key.Outcome, StringComparer.Ordinal)
                .Select(period => new ApiKeyUsagePeriod
                {
                    Start = Moment.From(period.Key.Start),
                    IsDay = period.Key.IsDay,
                    Outcome = period.Key.Outcome,
                    Count = period.Count,
                }),
        ];
    }
}
