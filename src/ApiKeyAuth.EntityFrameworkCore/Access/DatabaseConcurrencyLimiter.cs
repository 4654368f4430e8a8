using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Limits concurrent calls to databases whose driver blocks a thread per call, such as SQLite. Others are not limited.</summary>
/// <remarks>
/// While another program locks the file, each call blocks a thread of the thread pool. Without a limit, many calls would block all threads,
/// and the app could not respond at all, not even to timeouts. Waiting calls block no thread, and end with their timeout.
/// </remarks>
internal sealed class DatabaseConcurrencyLimiter
{
    private static readonly ConditionalWeakTable<object, DatabaseConcurrencyLimiter> LimitersByFactory = [];

    private readonly SemaphoreSlim? _readers;
    private readonly SemaphoreSlim? _writers;

    private DatabaseConcurrencyLimiter(DbContext context)
    {
        if (context.IsSqlite())
        {
            // Reading takes processor time only. SQLite allows one writer at a time.
            (_readers, _writers) = (new(Environment.ProcessorCount), new(1));
        }
    }

    public static ValueTask<DatabaseConcurrencySlot> EnterReadAsync(
        object factory, DbContext context, CancellationToken cancellationToken) =>
        EnterAsync(GetOrCreate(factory, context)._readers, cancellationToken);

    public static ValueTask<DatabaseConcurrencySlot> EnterWriteAsync(
        object factory, DbContext context, CancellationToken cancellationToken) =>
        EnterAsync(GetOrCreate(factory, context)._writers, cancellationToken);

    private static DatabaseConcurrencyLimiter GetOrCreate(object factory, DbContext context) =>
        LimitersByFactory.TryGetValue(factory, out var known)
            ? known
            : LimitersByFactory.GetValue(factory, _ => new DatabaseConcurrencyLimiter(context));

    private static async ValueTask<DatabaseConcurrencySlot> EnterAsync(SemaphoreSlim? semaphore, CancellationToken cancellationToken)
    {
        if (semaphore is not null)
        {
            await semaphore.WaitAsync(cancellationToken);
        }

        return new DatabaseConcurrencySlot(semaphore);
    }
}
