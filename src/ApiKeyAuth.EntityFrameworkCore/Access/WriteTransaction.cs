using System.Data;
using ApiKeyAuth.EntityFrameworkCore.Model;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Runs work in a transaction, and retries it after a conflict with another writer.</summary>
/// <remarks>
/// The isolation level is read committed: work that must not race locks a row or violates a unique index. On SQLite, every transaction
/// starts as a writer, so that none fails halfway.
/// </remarks>
internal sealed class WriteTransaction<TContext>(IDbContextFactory<TContext> contexts)
    where TContext : DbContext
{
    private const int MaxAttempts = 4;

    /// <summary>Runs the work, and commits it if it returns the expected result.</summary>
    /// <param name="work">The work. It must read everything it depends on, because it is retried after a conflict.</param>
    /// <param name="commitOn">The result that is committed.</param>
    /// <param name="auditId">
    /// The ID of the audit entry that the work writes, by which a commit with a lost response is detected, or null.
    /// </param>
    /// <param name="cancellationToken">The token that cancels the operation before the commit.</param>
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
                // The transaction is rolled back, and the retry sees the conflicting rows.
            }
            catch (Exception exception) when (DatabaseExceptionClassifier.IsViolation(exception))
            {
                throw new ConstraintException(
                    $"The database rejected the change: {DatabaseExceptionClassifier.Describe(exception)}.", exception);
            }
        }
    }

    private async Task<TResult> RunOnceAsync<TResult>(
        Func<TContext, CancellationToken, Task<TResult>> work, TResult commitOn, string? auditId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        using var slot = await DatabaseConcurrencyLimiter.EnterWriteAsync(contexts, context, cancellationToken);
        context.Database.AutoSavepointsEnabled = false;
        var isRetry = false;

        // The execution strategy of the app may retry after a lost connection.
        return await context.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                if (isRetry && auditId is not null
                    && await context.Rows<AuditRow>().AnyAsync(row => row.Id == auditId, token))
                {
                    return commitOn;
                }

                isRetry = true;
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
