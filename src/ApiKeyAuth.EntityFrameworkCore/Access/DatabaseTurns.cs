using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Lets only so many calls at a time into a database whose driver keeps a thread for each, as SQLite's does; others are not held up.</summary>
/// <remarks>
/// While another program has the file locked, each call inside keeps a thread of the pool. Without a bound a flood of them keeps them all, and
/// nothing of the app is answered any more, not even by a time-out. Those that wait here keep none and leave when their time is over.
/// </remarks>
internal sealed class DatabaseTurns
{
    private const string Sqlite = "Microsoft.EntityFrameworkCore.Sqlite";
    private static readonly ConditionalWeakTable<object, DatabaseTurns> ByFactory = [];

    private readonly SemaphoreSlim? _readers;
    private readonly SemaphoreSlim? _writers;

    private DatabaseTurns(DbContext context)
    {
        if (context.Database.ProviderName == Sqlite)
        {
            // Reading takes processor time alone. Of writers SQLite lets in one.
            (_readers, _writers) = (new(Environment.ProcessorCount), new(1));
        }
    }

    public static ValueTask<DatabaseTurn> ReadAsync(object factory, DbContext context, CancellationToken cancellationToken) =>
        EnterAsync(Of(factory, context)._readers, cancellationToken);

    public static ValueTask<DatabaseTurn> WriteAsync(object factory, DbContext context, CancellationToken cancellationToken) =>
        EnterAsync(Of(factory, context)._writers, cancellationToken);

    private static DatabaseTurns Of(object factory, DbContext context) =>
        ByFactory.TryGetValue(factory, out var known) ? known : ByFactory.GetValue(factory, _ => new DatabaseTurns(context));

    private static async ValueTask<DatabaseTurn> EnterAsync(SemaphoreSlim? turns, CancellationToken cancellationToken)
    {
        if (turns is not null)
        {
            await turns.WaitAsync(cancellationToken);
        }

        return new DatabaseTurn(turns);
    }
}
