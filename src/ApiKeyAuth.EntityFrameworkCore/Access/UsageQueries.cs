using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Reads a key's history, added up by the database.</summary>
internal static class UsageQueries
{
    public static async Task<ApiKeyUsageHistory> ReadAsync(DbContext context, ApiKeyUsageFilter filter, CancellationToken cancellationToken)
    {
        var (id, from, to) = (StorableText.IsStorable(filter.KeyId) ? filter.KeyId : "", filter.From.UtcTicks, filter.To.UtcTicks);
        var rows = context.Rows<HistoryRow>().Where(row => row.KeyId == id && row.Start >= from && row.Start < to);
        return new ApiKeyUsageHistory
        {
            Periods = await PeriodsAsync(rows, cancellationToken),
            Countries = await rows.GroupBy(row => row.Country).Select(same => new { same.Key, Count = same.Sum(row => row.Count) })
                .ToDictionaryAsync(same => same.Key, same => same.Count, StringComparer.Ordinal, cancellationToken),
            Networks = await rows.Where(row => row.Network != "").Select(row => row.Network).Distinct().LongCountAsync(cancellationToken),
            Scopes = await context.Rows<ScopeUseRow>().Where(row => row.KeyId == id)
                .ToDictionaryAsync(row => row.Scope, row => Moment.From(row.LastUsedAt), StringComparer.Ordinal, cancellationToken),
        };
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
