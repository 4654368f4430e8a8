using System.Data.Common;
using ApiKeyAuth.EntityFrameworkCore.Access;
using ApiKeyAuth.EntityFrameworkCore.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.EntityFrameworkCore.Schema;

/// <inheritdoc/>
internal sealed class ApiKeySchema<TContext>(IServiceProvider services, ILogger<ApiKeySchema<TContext>> logger) : IApiKeySchema
    where TContext : DbContext
{
    private static readonly string ContextName = typeof(TContext).Name;

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await WithContextAsync(context =>
        {
            CheckModel(context);
            return Task.CompletedTask;
        });

        // On PostgreSQL, EF Core holds its lock for one migration only. If two processes apply several migrations, one may fail because the
        // other has applied the next one; it then continues with the remaining ones.
        while (true)
        {
            var pending = await CountPendingAsync(cancellationToken);
            try
            {
                await WithContextAsync(context => MigrateAsync(context, cancellationToken));
                return;
            }
            catch (DbException) when (pending > 0)
            {
                if (await CountPendingAsync(cancellationToken) >= pending)
                {
                    throw;
                }
            }
        }
    }

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WithContextAsync(context => context is ApiKeyContext
                ? CheckMigrationsAsync(context, cancellationToken)
                : CheckTablesAsync(context, cancellationToken));
        }
        catch (Exception exception) when (FindDbException(exception) is { IsTransient: true })
        {
            // The schema may be valid. Lookups return 503 until the database is available again.
            SchemaLog.Unreachable(logger, ContextName);
        }
    }

    private async Task MigrateAsync(TContext context, CancellationToken cancellationToken)
    {
        var migrations = new MigrationRunner(context, services.GetService<TimeProvider>() ?? TimeProvider.System, logger);
        if (!await migrations.ApplyAsync(cancellationToken) && context is not ApiKeyContext)
        {
            // The app may have forgotten to add a migration for the tables.
            await CheckTablesAsync(context, cancellationToken);
        }
    }

    private static async Task CheckMigrationsAsync(TContext context, CancellationToken cancellationToken)
    {
        string[] pending = [.. await context.Database.GetPendingMigrationsAsync(cancellationToken)];
        if (pending.Length > 0)
        {
            throw new InvalidOperationException(
                $"The database of {ContextName} lacks {pending.Length} migration(s), starting with {pending[0]}: call "
                + "MigrateOnStartup() after the call that adds the store, or app.Services.MigrateApiKeysAsync() before app.Run() or "
                + "when you deploy.");
        }
    }

    /// <summary>Throws an exception if the tables in the app's own context differ from those that the store needs.</summary>
    private static void CheckModel(TContext context)
    {
        if (context is not ApiKeyContext && ModelCheck.FindProblem(context) is { } problem)
        {
            throw new InvalidOperationException($"The model of {ContextName} {problem}");
        }
    }

    private static async Task CheckTablesAsync(TContext context, CancellationToken cancellationToken)
    {
        CheckModel(context);
        try
        {
            // The queries name all columns and read no rows.
            await context.Rows<KeyRow>().Where(static _ => false).JoinSecretsAndUsage(context).ToListAsync(cancellationToken);
            await context.Rows<QuotaRow>().Where(static _ => false).ToListAsync(cancellationToken);
            await context.Rows<HistoryRow>().Where(static _ => false).ToListAsync(cancellationToken);
            await context.Rows<ScopeUseRow>().Where(static _ => false).ToListAsync(cancellationToken);
            await context.Rows<BatchRow>().Where(static _ => false).ToListAsync(cancellationToken);
            await context.Rows<AuditRow>().Where(static _ => false).ToListAsync(cancellationToken);
            await context.Rows<AlertSettingsRow>().Where(static _ => false).ToListAsync(cancellationToken);
            await context.Rows<AlertRow>().Where(static _ => false).ToListAsync(cancellationToken);
            await context.Rows<AlertDeliveryRow>().Where(static _ => false).ToListAsync(cancellationToken);
            await context.Rows<AlertHistoryRow>().Where(static _ => false).ToListAsync(cancellationToken);
            await context.Rows<MemberCountRow>().Where(static _ => false).ToListAsync(cancellationToken);
        }
        catch (Exception exception) when (FindDbException(exception) is { IsTransient: false })
        {
            throw new InvalidOperationException(
                $"The database of {ContextName} lacks the tables of API keys or has older ones: add a migration to {ContextName} and apply "
                + "it before app.Run().",
                exception);
        }
    }

    private static DbException? FindDbException(Exception? exception)
    {
        while (exception is not (null or DbException))
        {
            exception = exception.InnerException;
        }

        return (DbException?)exception;
    }

    private async Task<int> CountPendingAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        await WithContextAsync(async context =>
            count = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).Count());
        return count;
    }

    private async Task WithContextAsync(Func<TContext, Task> work)
    {
        await using var scope = services.CreateAsyncScope();
        var contexts = scope.ServiceProvider.GetService<IDbContextFactory<TContext>>()
            ?? throw new InvalidOperationException(
                $"API keys need a factory of {ContextName}, because they never use the context of a request: call "
                + $"builder.Services.AddPooledDbContextFactory<{ContextName}>(…).");
        await using var context = await contexts.CreateDbContextAsync();
        await work(context);
    }
}
