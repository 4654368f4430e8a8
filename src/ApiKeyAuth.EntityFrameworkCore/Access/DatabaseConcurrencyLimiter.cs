using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Lets only so many calls at a time into a database whose driver keeps a thread for each, as SQLite's does; others are not held up.</summary>
/// <remarks>
/// While another program has the file locked, each call inside keeps a thread of the pool. Without a bound a flood of them keeps them all, and
/// nothing of the app is answered any more, not even by a time-out. Those that wait here keep none and leave when their time is over.
/// </remarks>
internal sealed class DatabaseConcurrencyLimiter
{
    private const string SqliteProviderName = "Microsoft.EntityFrameworkCore.Sqlite";
    private static readonly ConditionalWeakTable<object, DatabaseConcurrencyLimiter> LimitersByFactory = [];

    private readonly SemaphoreSlim? _readers;
    private readonly SemaphoreSlim? _writers;

    private DatabaseConcurrencyLimiter(DbContext context)
    {
        if (context.Database.ProviderName == SqliteProviderName)
        {
            // Reading takes processor time alone. Of writers SQLite lets in one.
            (_readers, _writers) = (new(Environment.ProcessorCount), new(1));
        }
    }

    public static ValueTask<DatabaseConcurrencySlot> EnterReadAsync(object factory, DbContext context, CancellationToken cancellationToken) =>
        EnterAsync(GetOrCreate(factory, context)._readers, cancellationToken);

    public static ValueTask<DatabaseConcurrencySlot> EnterWriteAsync(object factory, DbContext context, CancellationToken cancellationToken) =>
        EnterAsync(GetOrCreate(factory, context)._writers, cancellationToken);

    private static DatabaseConcurrencyLimiter GetOrCreate(object factory, DbContext context) =>
        LimitersByFactory.TryGetValue(factory, out var known) ? known : LimitersByFactory.GetValue(factory, _ => new DatabaseConcurrencyLimiter(context));

    private static async ValueTask<DatabaseConcurrencySlot> EnterAsync(SemaphoreSlim? semaphore, CancellationToken cancellationToken)
    {
        if (semaphore is not null)
        {
            await semaphore.WaitAsync(cancellationToken);
        }

        return new DatabaseConcurrencySlot(semaphore);
    }
}
