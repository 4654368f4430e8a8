using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Usage;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access.Usage;

/// <summary>Rolls up old hours into days, a few keys at a time, and deletes expired history.</summary>
internal static class UsageRollUp
{
    private const int MaxKeys = 50;

    /// <summary>Rolls up some keys.</summary>
    /// <returns>True if more keys remain.</returns>
    public static async Task<bool> RunAsync(DbContext context, ApiKeyUsageRetention retention, CancellationToken cancellationToken)
    {
        var end = StartOfDay(retention.RollUpHoursBefore.UtcTicks);
        var keys = await context.Rows<HistoryRow>().Where(row => !row.IsDay && row.Start < end)
            .Select(row => row.KeyId).Distinct().OrderBy(key => key).Take(MaxKeys).ToListAsync(cancellationToken);
        foreach (var key in keys.Order(StringComparer.Ordinal))
        {
            // While the lock is held, no hours are added, so exactly the rows that were read are deleted.
            if (await UsageRowCommands.TryLockAsync(context, key, cancellationToken))
            {
                await RollUpAsync(context, key, end, cancellationToken);
            }
        }

        await context.SaveChangesAsync(cancellationToken);
        if (keys.Count == MaxKeys)
        {
            return true;
        }

        var (days, batches) = (retention.DeleteDaysBefore.UtcTicks, retention.DeleteBatchesBefore.UtcTicks);
        await context.Rows<HistoryRow>().Where(row => row.IsDay && row.Start < days).ExecuteDeleteAsync(cancellationToken);
        await context.Rows<BatchRow>().Where(row => row.At < batches).ExecuteDeleteAsync(cancellationToken);
        return false;
    }

    private static async Task RollUpAsync(DbContext context, string keyId, long cutoff, CancellationToken cancellationToken)
    {
        var hours = context.Rows<HistoryRow>().Where(row => row.KeyId == keyId && !row.IsDay && row.Start < cutoff);
        var rows = await hours.ToListAsync(cancellationToken);
        foreach (var day in rows.GroupBy(row => (Start: StartOfDay(row.Start), row.Outcome, row.Country, row.Network)))
        {
            var added = new HistoryRow
            {
                KeyId = keyId,
                Start = day.Key.Start,
                IsDay = true,
                Outcome = day.Key.Outcome,
                Country = day.Key.Country,
                Network = day.Key.Network,
                Count = day.Sum(row => row.Count),
            };
            await UsageRowCommands.AddAsync(context, added, cancellationToken);
        }

        await hours.ExecuteDeleteAsync(cancellationToken);
    }

    private static long StartOfDay(long ticks) => ticks - (ticks % TimeSpan.TicksPerDay);
}
