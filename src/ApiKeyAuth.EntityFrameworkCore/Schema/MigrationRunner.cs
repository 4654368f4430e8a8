using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.EntityFrameworkCore.Schema;

/// <summary>Applies pending migrations. It waits only for a limited time for other processes that do the same.</summary>
/// <remarks>
/// On SQLite, the lock of the migrations is a row in a table. A process that is killed during a migration leaves the row behind, and EF
/// Core then waits for it forever, even if no migration is pending. Other databases release the lock with the connection.
/// </remarks>
internal sealed class MigrationRunner(DbContext context, TimeProvider clock, ILogger logger)
{
    /// <summary>The maximum time to wait for the lock.</summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LogDelay = TimeSpan.FromSeconds(2);

    private const string UnlockStatement = "DELETE FROM \"__EFMigrationsLock\";";

    /// <summary>Applies the pending migrations.</summary>
    /// <returns>False if none was pending.</returns>
    /// <exception cref="InvalidOperationException">Migrations are pending, and the lock was not released in time.</exception>
    public async Task<bool> ApplyAsync(CancellationToken cancellationToken)
    {
        if (!await HasPendingAsync(cancellationToken))
        {
            return false;
        }

        if (!await CanAcquireLockAsync(cancellationToken))
        {
            return await HasPendingAsync(cancellationToken)
                ? throw new InvalidOperationException(
                    $"Migrations of {context.GetType().Name} are pending, but another process has held the lock in the table "
                    + $"__EFMigrationsLock for {MaxWait.TotalSeconds:N0} seconds. If no other process is applying migrations, one was "
                    + $"killed before it could release the lock: run the statement {UnlockStatement} in the database, then start again.")
                : false;
        }

        await context.Database.MigrateAsync(cancellationToken);
        return true;
    }

    private async Task<bool> HasPendingAsync(CancellationToken cancellationToken) =>
        (await context.Database.GetPendingMigrationsAsync(cancellationToken)).Any();

    /// <summary>
    /// Acquires the lock and releases it. EF Core acquires it again for the migrations, and would wait without a limit.
    /// </summary>
    private async Task<bool> CanAcquireLockAsync(CancellationToken cancellationToken)
    {
        var history = context.GetService<IHistoryRepository>();
        if (history.LockReleaseBehavior != LockReleaseBehavior.Explicit
            || !await context.GetService<IRelationalDatabaseCreator>().ExistsAsync(cancellationToken))
        {
            return true;
        }

        using var timeout = new CancellationTokenSource(MaxWait, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var acquiring = history.AcquireDatabaseLockAsync(linked.Token);
        if (await Task.WhenAny(acquiring, Task.Delay(LogDelay, clock, linked.Token)) != acquiring)
        {
            SchemaLog.WaitingForLock(logger, context.GetType().Name, MaxWait, UnlockStatement);
        }

        try
        {
            await (await acquiring).DisposeAsync();
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
