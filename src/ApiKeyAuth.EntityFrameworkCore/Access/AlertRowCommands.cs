using ApiKeyAuth.Alerts;
using ApiKeyAuth.EntityFrameworkCore.Model;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Writes alert settings, incidents and deliveries. Each method must run in a transaction.</summary>
internal static class AlertRowCommands
{
    /// <summary>The due time of the row that marks a disabled target.</summary>
    public const long NeverDue = long.MaxValue;

    public static async Task<bool> SetSettingsAsync(
        DbContext context, ApiKeyAlertSubject subject, ApiKeyAlertSettings? settings, CancellationToken cancellationToken)
    {
        await context.Rows<AlertSettingsRow>().Where(row => row.Subject == subject.Name).ExecuteDeleteAsync(cancellationToken);
        if (settings is not null
            && (subject.KeyId is not { } keyId || await context.Rows<KeyRow>().AnyAsync(row => row.Id == keyId, cancellationToken)))
        {
            context.Add(AlertSettingsRow.From(subject, settings));
            await context.SaveChangesAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>Extends a firing incident, or opens one.</summary>
    /// <returns>True if it was opened.</returns>
    public static async Task<bool> OpenIncidentAsync(
        DbContext context, ApiKeyAlertIncident incident, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken)
    {
        var until = incident.ResolvesAt.UtcTicks;
        var isOpen = await context.Rows<AlertRow>()
            .Where(row => row.KeyId == incident.KeyId && row.Kind == incident.Kind && row.About == incident.Discriminator)
            .ExecuteUpdateAsync(
                row => row.SetProperty(old => old.Until, old => old.Until < until ? until : old.Until), cancellationToken) > 0;
        if (!isOpen)
        {
            // If two transactions open it at the same time, the second violates the primary key and is retried.
            context.Add(AlertRow.From(incident));
            await AddDeliveriesAsync(context, deliveries, cancellationToken);
        }

        return !isOpen;
    }

    public static async Task<bool> ResolveIncidentAsync(
        DbContext context, ApiKeyAlertIncident incident, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken)
    {
        var (id, until) = (AuditRow.FormatId(incident.Id), incident.ResolvesAt.UtcTicks);
        var isResolved = await context.Rows<AlertRow>()
            .Where(row => row.KeyId == incident.KeyId && row.Kind == incident.Kind && row.About == incident.Discriminator
                && row.Id == id && row.Until == until)
            .ExecuteDeleteAsync(cancellationToken) > 0;
        if (isResolved)
        {
            await AddDeliveriesAsync(context, deliveries, cancellationToken);
        }

        return isResolved;
    }

    /// <summary>Reschedules a delivery, unless it was rescheduled or removed since it was read.</summary>
    public static async Task<bool> TryRescheduleAsync(
        DbContext context, AlertDeliveryRow delivery, long nextAt, int attempts, CancellationToken cancellationToken) =>
        await WhereUnchanged(context, delivery)
            .ExecuteUpdateAsync(
                row => row.SetProperty(old => old.NextAt, nextAt).SetProperty(old => old.Attempts, attempts), cancellationToken) > 0;

    public static async Task<bool> TryRemoveDeliveryAsync(
        DbContext context, AlertDeliveryRow delivery, CancellationToken cancellationToken) =>
        await WhereUnchanged(context, delivery).ExecuteDeleteAsync(cancellationToken) > 0;

    public static async Task<bool> DisableTargetAsync(
        DbContext context, string target, long now, CancellationToken cancellationToken)
    {
        await context.Rows<AlertDeliveryRow>().Where(row => row.Target == target).ExecuteDeleteAsync(cancellationToken);
        context.Add(new AlertDeliveryRow { AlertId = "", Target = target, Alert = "", At = now, NextAt = NeverDue });
        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Adds or replaces the record of a delivery, and removes the oldest records of its target.</summary>
    public static async Task<bool> RecordDeliveryAsync(
        DbContext context, AlertHistoryRow record, int maxCount, CancellationToken cancellationToken)
    {
        await context.Rows<AlertHistoryRow>().Where(row => row.AlertId == record.AlertId && row.Target == record.Target)
            .ExecuteDeleteAsync(cancellationToken);
        context.Add(record);
        await context.SaveChangesAsync(cancellationToken);
        var times = await context.Rows<AlertHistoryRow>().Where(row => row.Target == record.Target)
            .OrderByDescending(row => row.At).Select(row => row.At).Skip(maxCount - 1).Take(1).ToListAsync(cancellationToken);
        if (times is [var oldest])
        {
            await context.Rows<AlertHistoryRow>().Where(row => row.Target == record.Target && row.At < oldest)
                .ExecuteDeleteAsync(cancellationToken);
        }

        return true;
    }

    private static IQueryable<AlertDeliveryRow> WhereUnchanged(DbContext context, AlertDeliveryRow delivery) =>
        context.Rows<AlertDeliveryRow>().Where(row =>
            row.AlertId == delivery.AlertId && row.Target == delivery.Target
            && row.NextAt == delivery.NextAt && row.Attempts == delivery.Attempts);

    public static IQueryable<AlertHistoryRow> WhereTenant(
        this IQueryable<AlertHistoryRow> records, bool allTenants, string? tenantId) =>
        allTenants ? records
            : tenantId is null ? records.Where(row => row.TenantId == null)
            : records.Where(row => row.TenantId == tenantId);

    private static async Task AddDeliveriesAsync(
        DbContext context, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken)
    {
        string[] targets = [.. deliveries.Select(delivery => delivery.Target)];
        var disabled = await context.Rows<AlertDeliveryRow>().Where(row => row.AlertId == "" && targets.Contains(row.Target))
            .Select(row => row.Target).ToListAsync(cancellationToken);
        context.AddRange(deliveries.Where(delivery => !disabled.Contains(delivery.Target)).Select(AlertDeliveryRow.From));
        await context.SaveChangesAsync(cancellationToken);
    }
}
