using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>The changes of alerts, each to be run in a transaction.</summary>
internal static class AlertWrites
{
    /// <summary>When the mark of a closed target is due.</summary>
    public const long Never = long.MaxValue;

    public static async Task<bool> SetAsync(DbContext context, ApiKeyAlertSubject subject, ApiKeyAlertSettings? settings, CancellationToken cancellationToken)
    {
        await context.Rows<AlertSettingsRow>().Where(row => row.Subject == subject.Name).ExecuteDeleteAsync(cancellationToken);
        if (settings is not null && (subject.KeyId is not { } keyId || await context.Rows<KeyRow>().AnyAsync(row => row.Id == keyId, cancellationToken)))
        {
            context.Add(AlertSettingsRow.From(subject, settings));
            await context.SaveChangesAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>Prolongs an open episode, or begins one; true where it began.</summary>
    public static async Task<bool> BeginAsync(
        DbContext context, ApiKeyAlertEpisode episode, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken)
    {
        var until = episode.Until.UtcTicks;
        var isOpen = await context.Rows<AlertRow>()
            .Where(row => row.KeyId == episode.KeyId && row.Kind == episode.Kind && row.About == episode.About)
            .ExecuteUpdateAsync(row => row.SetProperty(old => old.Until, old => old.Until < until ? until : old.Until), cancellationToken) > 0;
        if (!isOpen)
        {
            // Of two that begin one at once, the second meets the primary key, and is run again.
            context.Add(AlertRow.From(episode));
            await AddAsync(context, deliveries, cancellationToken);
        }

        return !isOpen;
    }

    public static async Task<bool> EndAsync(
        DbContext context, ApiKeyAlertEpisode episode, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken)
    {
        var (id, until) = (AuditRow.Write(episode.Id), episode.Until.UtcTicks);
        var ended = await context.Rows<AlertRow>()
            .Where(row => row.KeyId == episode.KeyId && row.Kind == episode.Kind && row.About == episode.About && row.Id == id && row.Until == until)
            .ExecuteDeleteAsync(cancellationToken) > 0;
        if (ended)
        {
            await AddAsync(context, deliveries, cancellationToken);
        }

        return ended;
    }

    /// <summary>Puts a delivery off, unless it was moved or removed since it was read.</summary>
    public static async Task<bool> TryMoveAsync(DbContext context, AlertDeliveryRow read, long next, int attempts, CancellationToken cancellationToken) =>
        await AsRead(context, read)
            .ExecuteUpdateAsync(row => row.SetProperty(old => old.NextAt, next).SetProperty(old => old.Attempts, attempts), cancellationToken) > 0;

    public static async Task<bool> RemoveAsync(DbContext context, AlertDeliveryRow read, CancellationToken cancellationToken) =>
        await AsRead(context, read).ExecuteDeleteAsync(cancellationToken) > 0;

    public static async Task<bool> CloseAsync(DbContext context, string target, long now, CancellationToken cancellationToken)
    {
        await context.Rows<AlertDeliveryRow>().Where(row => row.Target == target).ExecuteDeleteAsync(cancellationToken);
        context.Add(new AlertDeliveryRow { AlertId = "", Target = target, Alert = "", At = now, NextAt = Never });
        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    private static IQueryable<AlertDeliveryRow> AsRead(DbContext context, AlertDeliveryRow read) =>
        context.Rows<AlertDeliveryRow>().Where(row =>
            row.AlertId == read.AlertId && row.Target == read.Target && row.NextAt == read.NextAt && row.Attempts == read.Attempts);

    private static async Task AddAsync(DbContext context, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken)
    {
        string[] targets = [.. deliveries.Select(delivery => delivery.Target)];
        var closed = await context.Rows<AlertDeliveryRow>().Where(row => row.AlertId == "" && targets.Contains(row.Target))
            .Select(row => row.Target).ToListAsync(cancellationToken);
        context.AddRange(deliveries.Where(delivery => !closed.Contains(delivery.Target)).Select(AlertDeliveryRow.From));
        await context.SaveChangesAsync(cancellationToken);
    }
}
