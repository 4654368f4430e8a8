using System.Data;
using ApiKeyAuth.EntityFrameworkCore.Model;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Does a piece of work wholly or not at all, and again where another writer came between.</summary>
/// <remarks>
/// Read committed everywhere: what must not race locks a row or meets a unique index. On SQLite every such transaction begins as a writer, so
/// that none is refused half way.
/// </remarks>
internal sealed class WriteTransaction<TContext>(IDbContextFactory<TContext> contexts)
    where TContext : DbContext
{
    private const int MaxAttempts = 4;

    /// <summary>Runs the work and commits where its result says so.</summary>
    /// <param name="work">Reads what it decides by, itself: it is run again after a conflict.</param>
    /// <param name="commitOn">The only result that is committed.</param>
    /// <param name="auditId">The entry the work writes, by which a commit whose answer was lost is known to have happened.</param>
    /// <param name="cancellationToken">Ends it before the commit, not during it.</param>
    public async Task<TResult> RunAsync<TResult>(
        Func<TContext, CancellationToken, Task<TResult>> work, TResult commitOn, string? auditId, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RunOnceAsync(work, commitOn, auditId, cancellationToken);
            }
            catch (Exception exception) when (attempt < MaxAttempts && DatabaseExceptionClassifier.IsConflict(exception))
            {
                // Rolled back; what it met is there now, and the next attempt sees it.
            }
            catch (Exception exception) when (DatabaseExceptionClassifier.IsViolation(exception))
            {
                throw new ConstraintException($"The database rejects the change: {DatabaseExceptionClassifier.Describe(exception)}.", exception);
            }
        }
    }

    private async Task<TResult> RunOnceAsync<TResult>(
        Func<TContext, CancellationToken, Task<TResult>> work, TResult commitOn, string? auditId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var turn = await DatabaseConcurrencyLimiter.EnterWriteAsync(contexts, context, cancellationToken);
        context.Database.AutoSavepointsEnabled = false;
        var isRepeated = false;

        // The host's own strategy may run this again after a lost connection.
        return await context.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                if (isRepeated && auditId is not null && await context.Rows<AuditRow>().AnyAsync(row => row.Id == auditId, token))
                {
                    return commitOn;
                }

                isRepeated = true;
                context.ChangeTracker.Clear();
                await using var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, token);
                var result = await work(context, token);
                if (Equals(result, commitOn))
                {
                    token.ThrowIfCancellationRequested();
                    await transaction.CommitAsync(CancellationToken.None);
                }

                return result;
            },
            cancellationToken);
    }
}
