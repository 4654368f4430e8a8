using ApiKeyAuth.EntityFrameworkCore.Access;
using ApiKeyAuth.EntityFrameworkCore.Model;
using ApiKeyAuth.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.EntityFrameworkCore;

/// <summary>Keeps alerts in the database of the keys.</summary>
internal sealed class EntityFrameworkAlertStore<TContext>(IServiceScopeFactory scopes) : IApiKeyAlertStore
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
            await WriteAsync((context, token) => AlertWrites.SetAsync(context, subject, settings, token), cancellationToken);
        }
    }

    public async ValueTask<bool> BeginAsync(
        ApiKeyAlertEpisode episode, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken)
    {
        var hasBegun = false;
        await WriteAsync(
            async (context, token) =>
            {
                hasBegun = await AlertWrites.BeginAsync(context, episode, deliveries, token);
                return true;
            },
            cancellationToken);
        return hasBegun;
    }

    public ValueTask<bool> EndAsync(
        ApiKeyAlertEpisode episode, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken) =>
        WriteAsync((context, token) => AlertWrites.EndAsync(context, episode, deliveries, token), cancellationToken);

    public async ValueTask<IReadOnlyList<ApiKeyAlertEpisode>> ListOverAsync(DateTimeOffset now, int count, CancellationToken cancellationToken)
    {
        var until = now.UtcTicks;
        var rows = await ReadAsync(
            context => context.Rows<AlertRow>().Where(row => row.Until <= until).OrderBy(row => row.Until).Take(count).ToListAsync(cancellationToken), cancellationToken);
        return [.. rows.Select(row => row.ToEpisode())];
    }

    public async ValueTask<IReadOnlyList<ApiKeyAlertEpisode>> ListOpenAsync(string kind, Guid? after, int count, CancellationToken cancellationToken)
    {
        var last = after is { } id ? AuditRow.Write(id) : "";
        var rows = await ReadAsync(
            context => context.Rows<AlertRow>().Where(row => row.Kind == kind && string.Compare(row.Id, last) > 0).OrderBy(row => row.Id).Take(count)
                .ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(row => row.ToEpisode())];
    }

    public async ValueTask<IReadOnlyList<ApiKeyAlertDelivery>> TakeAsync(
        IReadOnlyCollection<string> targets, DateTimeOffset now, DateTimeOffset until, TimeSpan most, int count, CancellationToken cancellationToken)
    {
        var (due, never, tooLate) = (now.UtcTicks, AlertWrites.Never, (now + most).UtcTicks);

        // Nothing is due most of the time, and then nothing is locked.
        var found = await ReadAsync(
            context => context.Rows<AlertDeliveryRow>()
                .Where(row => targets.Contains(row.Target) && (row.NextAt <= due || (row.NextAt > tooLate && row.NextAt != never)))
                .OrderBy(row => row.NextAt).Take(count).ToListAsync(cancellationToken),
            cancellationToken);
        var taken = new List<ApiKeyAlertDelivery>();
        foreach (var row in found)
        {
            if (await WriteAsync((context, token) => AlertWrites.TryMoveAsync(context, row, until.UtcTicks, row.Attempts + 1, token), cancellationToken))
            {
                taken.Add(row.ToDelivery() with { NextAt = until, Attempts = row.Attempts + 1 });
            }
        }

        return taken;
    }

    public async ValueTask SettleAsync(ApiKeyAlertDelivery taken, DateTimeOffset? nextAt, CancellationToken cancellationToken)
    {
        var row = AlertDeliveryRow.From(taken);
        await WriteAsync(
            (context, token) => nextAt is { } later
                ? AlertWrites.TryMoveAsync(context, row, later.UtcTicks, row.Attempts, token)
                : AlertWrites.RemoveAsync(context, row, token),
            cancellationToken);
    }

    public async ValueTask CloseAsync(string target, DateTimeOffset now, CancellationToken cancellationToken) =>
        await WriteAsync((context, token) => AlertWrites.CloseAsync(context, target, now.UtcTicks, token), cancellationToken);

    public async ValueTask RemoveDeliveriesAsync(DateTimeOffset madeBefore, CancellationToken cancellationToken)
    {
        var (before, never) = (madeBefore.UtcTicks, AlertWrites.Never);
        await WriteAsync(
            async (context, token) =>
                await context.Rows<AlertDeliveryRow>().Where(row => row.At < before && row.NextAt != never).ExecuteDeleteAsync(token) >= 0,
            cancellationToken);
    }

    private async Task<TResult> ReadAsync<TResult>(Func<TContext, Task<TResult>> read, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var contexts = Contexts(scope);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var turn = await DatabaseTurns.ReadAsync(contexts, context, cancellationToken);
        return await read(context);
    }

    private async ValueTask<bool> WriteAsync(Func<TContext, CancellationToken, Task<bool>> write, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await new WriteTransaction<TContext>(Contexts(scope)).RunAsync(write, done: true, auditId: null, cancellationToken);
    }

    // A host may have registered its factory as scoped.
    private static IDbContextFactory<TContext> Contexts(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<IDbContextFactory<TContext>>();
}
