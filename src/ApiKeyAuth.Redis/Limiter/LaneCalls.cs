using System.Collections.Concurrent;
using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Diagnostics;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Makes the calls of all lanes, bounded in time, and sees to what is owed once an outage ends.</summary>
internal sealed class LaneCalls(
    RedisConnection connection, TrialCall trial, Outage outage, LocalLimiter local, ApiKeyRedisOptions options, TimeProvider time, RedisMetrics metrics)
{
    private const int SettledAtOnce = 32;

    private readonly ConcurrentDictionary<Lane, bool> _debtors = new();
    private readonly long _origin = time.GetTimestamp();

    public bool IsOut => outage.IsOn;

    /// <summary>A monotonic time in ticks.</summary>
    public long Now => time.GetElapsedTime(_origin).Ticks;

    /// <summary>Runs the script; null where it did not answer as it should, which begins an outage, or not in the time that is left to those who wait.</summary>
    /// <param name="subject">Who asks.</param>
    /// <param name="call">What is asked.</param>
    /// <param name="waited">How many ticks the first of those who ask has waited.</param>
    public async Task<long[]?> RunAsync(SharedSubject subject, ScriptCall call, long waited)
    {
        var left = options.Timeout - new TimeSpan(waited);
        if (left <= TimeSpan.Zero)
        {
            return null;
        }

        var began = time.GetTimestamp();
        try
        {
            var reply = await RunAsync(subject.States, call.Arguments, left);
            if (reply is not null && call.Complete(reply) is { } whole)
            {
                metrics.Called(time.GetElapsedTime(began), isAnswered: true);
                return whole;
            }

            // A call that was given less than the whole time proves nothing; the next is given it.
            if (reply is not null || left > options.Timeout / 2)
            {
                outage.Begin(reply is null ? Failures.Late : "an answer of another form", RecoverAsync);
            }
        }
        catch (Exception exception)
        {
            // Whatever it is, nobody may pass for it, and whoever waits must be answered.
            outage.Begin(Failures.Describe(exception), RecoverAsync);
        }

        metrics.Called(time.GetElapsedTime(began), isAnswered: false);
        return null;
    }

    /// <summary>Notes what Redis charged for this node, so that an outage does not forgive it.</summary>
    public void Charged(SharedSubject subject, long cost) => local.Note(subject, cost);

    /// <summary>Notes that a lane owes.</summary>
    public void NoteDebtor(Lane lane) => _debtors[lane] = true;

    /// <summary>Notes that a lane has paid.</summary>
    public void ForgetDebtor(Lane lane) => _debtors.TryRemove(lane, out _);

    /// <summary>Begins an outage with what a start found.</summary>
    public void BeginOutage(Exception exception) => outage.Begin(Failures.Describe(exception), RecoverAsync);

    /// <summary>Tries a whole call, then pays what is owed.</summary>
    public async Task<bool> RecoverAsync()
    {
        try
        {
            await trial.RunAsync(options.Timeout, time);
        }
        catch (Exception)
        {
            // The outage was told when it began, and goes on.
            return false;
        }

        return await SettleAsync();
    }

    private async Task<bool> SettleAsync()
    {
        var areSettled = true;
        await Parallel.ForEachAsync(_debtors.Keys, new ParallelOptions { MaxDegreeOfParallelism = SettledAtOnce }, async (lane, _) =>
        {
            // One that fails leaves the rest for the next try, which is not to wait for every key.
            if (areSettled && !await lane.SettleAsync())
            {
                areSettled = false;
            }
        });
        return areSettled;
    }

    /// <summary>Waits as long as is left; null where it takes longer.</summary>
    private async Task<long[]?> RunAsync(RedisKey[] states, RedisValue[] arguments, TimeSpan left)
    {
        var database = connection.DatabaseAsync();
        var call = database.IsCompletedSuccessfully
            ? LimitScript.RunAsync(database.Result, states, arguments)
            : ConnectAndRunAsync(database, states, arguments);
        await ((Task)call.WaitAsync(left, time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (call.IsCompleted)
        {
            return LimitScript.Read(await call);
        }

        // Nobody asks how it ends.
        _ = call.ContinueWith(
            late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return null;
    }

    private static async Task<RedisResult> ConnectAndRunAsync(ValueTask<IDatabase> database, RedisKey[] states, RedisValue[] arguments) =>
        await LimitScript.RunAsync(await database, states, arguments);
}
