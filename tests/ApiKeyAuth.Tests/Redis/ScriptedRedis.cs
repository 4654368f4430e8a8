using System.Collections.Concurrent;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Redis;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Moq;
using StackExchange.Redis;

namespace ApiKeyAuth.Tests.Redis;

/// <summary>Represents the limiter over a Redis that replies when the test says so, with a fake clock.</summary>
/// <remarks>Decisions without Redis are "unavailable", so that none is charged to Redis by a later call.</remarks>
internal sealed class ScriptedRedis : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly ServiceProvider _services;
    private readonly ConcurrentQueue<TaskCompletionSource<RedisResult>> _calls = new();

    public ScriptedRedis()
    {
        var database = new Mock<IDatabase>();
        database
            .Setup(redis => redis.ScriptEvaluateAsync(
                It.IsAny<byte[]>(), It.IsAny<RedisKey[]>(), It.IsAny<RedisValue[]>(), It.IsAny<CommandFlags>()))
            .Returns(() =>
            {
                var call = new TaskCompletionSource<RedisResult>(TaskCreationOptions.RunContinuationsAsynchronously);
                _calls.Enqueue(call);
                return call.Task;
            });
        var connection = new Mock<IConnectionMultiplexer>();
        connection.Setup(redis => redis.GetDatabase(It.IsAny<int>(), It.IsAny<object?>())).Returns(database.Object);
        _services = new ServiceCollection().AddSingleton<TimeProvider>(Clock).AddLogging(logging => logging.AddProvider(Log))
            .AddApiKeyAuth()
                .AddRedis(connection.Object, options => options.Outage = ApiKeyRedisOutage.FailClosed)
                .Services.BuildServiceProvider();
    }

    public TimerClock Clock { get; } = new();

    public LogCapture Log { get; } = new();

    /// <summary>Gets the number of outages that were logged.</summary>
    public int Outages => Log.Of(3001).Count;

    /// <summary>Gets the number of calls that were sent to Redis.</summary>
    public int Calls => _calls.Count;

    /// <summary>Starts a check of a key with a limit of 100 per hour.</summary>
    public Task<RateLimitDecision> CheckAsync(string key = "key") => _services.GetRequiredService<IApiKeyRateLimiter>()
        .CheckAsync(new RateLimitSubject(key, RateLimit.ParseList("100/hour"), null, null), 1, RateLimitCharge.IfAdmitted, default)
        .AsTask();

    /// <summary>Replies to a call, by its number from 0: admitted, with the given usage.</summary>
    public void Answer(int call, int used) => _calls.ElementAt(call).SetResult(RedisResult.Create([(RedisValue)1, (RedisValue)used]));

    /// <summary>Waits until a number of calls were sent.</summary>
    public Task SentAsync(int calls) => UntilAsync(() => Calls >= calls);

    /// <summary>
    /// Advances the clock in one step, like a pause of the process, and waits until the code waits again or a check is decided.
    /// </summary>
    public async Task PauseAsync(TimeSpan length, Task check)
    {
        var timers = Clock.Timers;
        Clock.Advance(length);
        await UntilAsync(() => Clock.Timers > timers || check.IsCompleted);
    }

    /// <summary>Advances the clock in small steps until a check is decided.</summary>
    public async Task<RateLimitDecision> DecidedAsync(Task<RateLimitDecision> check)
    {
        while (!check.IsCompleted)
        {
            await PauseAsync(TimeSpan.FromMilliseconds(10), check);
        }

        return await check;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var end = new CancellationTokenSource(Timeout);
        while (!condition())
        {
            end.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
