using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.History;
using ApiKeyAuth.EntityFrameworkCore.Access;
using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.EntityFrameworkCore;

/// <summary>Provides the store of alerts in the database of the keys.</summary>
internal sealed class EntityFrameworkAlertStore<TContext>(IServiceScopeFactory scopes)
    : IApiKeyAlertStore, IApiKeyAlertHistoryStore
    where TContext : DbContext
{
    public async ValueTask<IReadOnlyDictionary<string, ApiKeyAlertSettings>> GetSettingsAsync(
        IReadOnlyCollection<ApiKeyAlertSubject> subjects, CancellationToken cancellationToken)
    {
        string[] names = [.. subjects.Select(subject => subject.Name).Where(StorableText.IsStorable)];
        return await ReadAsync(
            context => context.Rows<AlertSettingsRow>().Where(row => names.Contains(row.Subject))
                .ToDictionaryAsync(row => row.Subject, row => row.ToSettings(), StringComparer.Ordinal, cancellationToken),
            cancellationToken);
    }

    public async ValueTask SetSettingsAsync(ApiKeyAlertSubject subject, ApiKeyAlertSettings? settings, CancellationToken cancellationToken)
    {
        if (StorableText.IsStorable(subject.Name))
        {
            await WriteAsync((context, token) => AlertRowCommands.SetSettingsAsync(context, subject, settings, token), cancellationToken);
        }
    }

    public async ValueTask<bool> OpenIncidentAsync(
        ApiKeyAlertIncident incident, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken)
    {
        var isOpened = false;
        await WriteAsync(
            async (context, token) =>
            {
                isOpened = await AlertRowCommands.OpenIncidentAsync(context, incident, deliveries, token);
                return true;
            },
            cancellationToken);
        return isOpened;
    }

    public ValueTask<bool> ResolveIncidentAsync(
        ApiKeyAlertIncident incident, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken) =>
        WriteAsync((context, token) => AlertRowCommands.ResolveIncidentAsync(context, incident, deliveries, token), cancellationToken);

    public async ValueTask<IReadOnlyList<ApiKeyAlertIncident>> ListResolvableIncidentsAsync(
        DateTimeOffset now, int maxCount, CancellationToken cancellationToken)
    {
        var until = now.UtcTicks;
        var rows = await ReadAsync(
            context => context.Rows<AlertRow>().Where(row => row.Until <= until).OrderBy(row => row.Until).Take(maxCount)
                .ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(row => row.ToIncident())];
    }

    public async ValueTask<IReadOnlyList<ApiKeyAlertIncident>> ListFiringIncidentsAsync(
        string kind, Guid? after, int maxCount, CancellationToken cancellationToken)
    {
        var last = after is { } id ? AuditRow.FormatId(id) : "";
        var rows = await ReadAsync(
            context => context.Rows<AlertRow>().Where(row => row.Kind == kind && string.Compare(row.Id, last) > 0)
                .OrderBy(row => row.Id).Take(maxCount).ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(row => row.ToIncident())];
    }

    public async ValueTask<IReadOnlyList<ApiKeyAlertDelivery>> ClaimDueAsync(
        IReadOnlyCollection<string> targets,
        DateTimeOffset now,
        DateTimeOffset claimedUntil,
        TimeSpan maxDelay,
        int maxCount,
        CancellationToken cancellationToken)
    {
        var (due, never, tooLate) = (now.UtcTicks, AlertRowCommands.NeverDue, (now + maxDelay).UtcTicks);

        // Read first, because usually nothing is due, and then nothing needs to be locked.
        var found = await ReadAsync(
            context => context.Rows<AlertDeliveryRow>()
                .Where(row => targets.Contains(row.Target) && (row.NextAt <= due || (row.NextAt > tooLate && row.NextAt != never)))
                .OrderBy(row => row.NextAt).Take(maxCount).ToListAsync(cancellationToken),
            cancellationToken);
        var claimed = new List<ApiKeyAlertDelivery>();
        foreach (var row in found)
        {
            var isClaimed = await WriteAsync(
                (context, token) => AlertRowCommands.TryRescheduleAsync(context, row, claimedUntil.UtcTicks, row.Attempts + 1, token),
                cancellationToken);
            if (isClaimed)
            {
                claimed.Add(row.ToDelivery() with { NextAttemptAt = claimedUntil, Attempts = row.Attempts + 1 });
            }
        }

        return claimed;
    }

    public async ValueTask CompleteAsync(ApiKeyAlertDelivery delivery, DateTimeOffset? nextAttemptAt, CancellationToken cancellationToken)
    {
        var row = AlertDeliveryRow.From(delivery);
        await WriteAsync(
            (context, token) => nextAttemptAt is { } later
                ? AlertRowCommands.TryRescheduleAsync(context, row, later.UtcTicks, row.Attempts, token)
                : AlertRowCommands.TryRemoveDeliveryAsync(context, row, token),
            cancellationToken);
    }

    public async ValueTask DisableTargetAsync(string target, DateTimeOffset now, CancellationToken cancellationToken) =>
        await WriteAsync(
            (context, token) => AlertRowCommands.DisableTargetAsync(context, target, now.UtcTicks, token), cancellationToken);

    public async ValueTask RemoveDeliveriesAsync(DateTimeOffset createdBefore, CancellationToken cancellationToken)
    {
        var (before, never) = (createdBefore.UtcTicks, AlertRowCommands.NeverDue);
        await WriteAsync(
            async (context, token) =>
            {
                await context.Rows<AlertHistoryRow>().Where(row => row.At < before).ExecuteDeleteAsync(token);
                return await context.Rows<AlertDeliveryRow>().Where(row => row.At < before && row.NextAt != never)
                    .ExecuteDeleteAsync(token) >= 0;
            },
            cancellationToken);
    }

    public async ValueTask RecordDeliveryAsync(
        ApiKeyAlertDeliveryRecord delivery, int maxCount, CancellationToken cancellationToken)
    {
        if (StorableText.IsStorable(delivery.TenantId))
        {
            await WriteAsync(
                (context, token) => AlertRowCommands.RecordDeliveryAsync(context, AlertHistoryRow.From(delivery), maxCount, token),
                cancellationToken);
        }
    }

    public async ValueTask<IReadOnlyList<ApiKeyAlertDeliveryRecord>> ListDeliveriesAsync(
        IReadOnlyCollection<string> targets, bool allTenants, string? tenantId, int maxCount, CancellationToken cancellationToken)
    {
        if (!StorableText.IsStorable(tenantId))
        {
            return [];
        }

        var rows = await ReadAsync(
            context => context.Rows<AlertHistoryRow>().Where(row => targets.Contains(row.Target)).WhereTenant(allTenants, tenantId)
                .OrderByDescending(row => row.At).Take(maxCount).ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(row => row.ToRecord())];
    }

    private async Task<TResult> ReadAsync<TResult>(Func<TContext, Task<TResult>> read, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var contexts = GetContextFactory(scope);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var slot = await DatabaseConcurrencyLimiter.EnterReadAsync(contexts, context, cancellationToken);
        return await read(context);
    }

    private async ValueTask<bool> WriteAsync(Func<TContext, CancellationToken, Task<bool>> write, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var transaction = new WriteTransaction<TContext>(GetContextFactory(scope));
        return await transaction.RunAsync(write, commitOn: true, auditId: null, cancellationToken);
    }

    // The app may have registered its factory as scoped.
    private static IDbContextFactory<TContext> GetContextFactory(AsyncServiceScope scope) =>
        scope.ServiceProvider.GetRequiredService<IDbContextFactory<TContext>>();
}
