using System.Diagnostics.Metrics;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>
/// A server that hangs, crashes, loses its data or restarts empty: decisions are limited in time and never unlimited.
/// </summary>
internal sealed class LimiterOutageTests
{
    private RedisServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await RedisServer.StartAsync();

    [TearDown]
    public async Task StopAsync()
    {
        // A skipped test has no server.
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Check_ServerHangsOrDies_DecidesByItsShareAndChargesItAfterwards(bool hangs)
    {
        await using var node = await NodeAsync(nodes: 2);
        var subject = RedisNode.Subject("100/hour");
        Assert.That((await node.CheckAsync(subject, 20)).Remaining, Is.EqualTo(80));
        await (hangs ? _server.StopAsync() : _server.KillAsync());

        // The share of the node is 50, of which it admitted 20 before.
        Assert.That(await CountAdmittedAsync(node, subject, 200), Is.EqualTo(30));
        await (hangs ? _server.ContinueAsync() : _server.RunAsync());
        await using var other = await NodeAsync(nodes: 2);
        var same = RedisNode.Subject("100/hour");
        var used = hangs ? 50 : 30;
        await Eventually.IsTrueAsync(async () => (await other.CheckAsync(same, 0)).Remaining <= 100 - used);
        Assert.That(
            (await other.CheckAsync(same, 0)).Remaining, Is.InRange(100 - used - 3, 100 - used),
            "the calls that hung may count twice: two checks, and the charge for the first");
    }

    [Test]
    public async Task Check_ServerHangs_IsWaitedForUntilTheOutageBeginsAndThenNotAtAll()
    {
        await using var node = await NodeAsync(nodes: 1);
        var subject = RedisNode.Subject("1000000/hour");
        await node.CheckAsync(subject);
        await _server.StopAsync();

        // The second timeout in a row begins the outage.
        await node.CheckAsync(subject);
        await node.CheckAsync(subject);
        var immediate = 0;
        for (var index = 0; index < 100; index++)
        {
            var check = node.CheckAsync(subject);
            immediate += check.IsCompleted ? 1 : 0;
            await check;
        }

        // A call in the background retries the server.
        Assert.That(immediate, Is.GreaterThan(50));
        await _server.ContinueAsync();
    }

    [Test]
    public async Task Check_FailClosedOrUnsafeFailOpen_IsUnavailableOrAdmittedAndCharged()
    {
        await using var closed = await NodeAsync(nodes: 1, outage: ApiKeyRedisOutage.FailClosed);
        await using var open = await NodeAsync(nodes: 1, outage: ApiKeyRedisOutage.UnsafeFailOpen);
        var subject = RedisNode.Subject("5/hour");
        await _server.StopAsync();
        var rejected = await closed.CheckAsync(RedisNode.Subject("5/hour"));
        Assert.That(
            (rejected.IsAdmitted, rejected.IsUnavailable, rejected.RetryAfter),
            Is.EqualTo((false, true, (TimeSpan?)TimeSpan.FromMilliseconds(50))));
        Assert.That(await CountAdmittedAsync(open, subject, 20), Is.EqualTo(20));
        await _server.ContinueAsync();
        await Eventually.IsTrueAsync(async () => await closed.CheckAsync(RedisNode.Subject("5/hour"), 0) is { Remaining: 0 });
        Assert.That((await closed.CheckAsync(RedisNode.Subject("5/hour"))).IsAdmitted, Is.False);
    }

    [Test]
    public async Task Check_ServerForgetsTheScript_GoesOn()
    {
        await using var node = await NodeAsync(nodes: 1, timeout: 5000);
        var subject = RedisNode.Subject("5/hour");
        await node.CheckAsync(subject);
        await ExecuteAsync("SCRIPT", "FLUSH");
        Assert.That((await node.CheckAsync(subject)).Remaining, Is.EqualTo(3));
    }

    [Test]
    public async Task Check_ServerForgetsAll_AdmitsOneFurtherLimitAtMost()
    {
        await using var node = await NodeAsync(nodes: 1, timeout: 5000);
        var subject = RedisNode.Subject("50/hour");
        var admitted = await CountAdmittedAsync(node, subject, 30);
        await ExecuteAsync("FLUSHALL");
        admitted += await CountAdmittedAsync(node, subject, 200);
        Assert.That(admitted, Is.EqualTo(80));
    }

    [Test]
    public async Task Check_TwoNodesOneWithAClockAhead_AdmitTheLimitTogether()
    {
        await using var node = await NodeAsync(nodes: 2, timeout: 5000);
        await using var ahead = await RedisNode.StartAsync(
            _server.ConnectionString, options => options.Timeout = TimeSpan.FromSeconds(5), nodes: 2, clock: new ClockAhead());
        var counts = await Task.WhenAll(
            Task.Run(() => CountAdmittedAsync(node, RedisNode.Subject("1000/hour"), 1500)),
            Task.Run(() => CountAdmittedAsync(ahead, RedisNode.Subject("1000/hour"), 1500)));
        Assert.That(counts.Sum(), Is.EqualTo(1000));
        Assert.That(counts, Is.All.Positive);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Check_OutageThatTheLogThrowsAt_AnswersAllAndEnds(bool hangs)
    {
        using var log = new ThrowingLog();
        await using var node = await RedisNode.StartAsync(
            _server.ConnectionString, options => options.RetryInterval = TimeSpan.FromMilliseconds(50), log: log);
        var subject = RedisNode.Subject("1000/hour");
        await node.CheckAsync(subject);
        log.Throws = true;
        await (hangs ? _server.StopAsync() : _server.KillAsync());
        var checks = Enumerable.Range(0, 50).Select(_ => Task.Run(() => node.CheckAsync(subject)));
        Assert.That((await Task.WhenAll(checks).WaitAsync(Eventually.Deadline)).Count(decision => decision.IsAdmitted), Is.EqualTo(50));
        await Eventually.IsTrueAsync(async () =>
        {
            // The second timeout in a row begins the outage.
            await node.CheckAsync(subject, 0);
            return log.Thrown > 0;
        });

        await (hangs ? _server.ContinueAsync() : _server.RunAsync());
        await using var other = await NodeAsync(nodes: 1);
        await Eventually.IsTrueAsync(async () =>
        {
            await node.CheckAsync(subject);
            return (await other.CheckAsync(RedisNode.Subject("1000/hour"), 0)).Remaining < 950;
        });
    }

    [Test]
    public async Task Check_MeasurementThatAListenerThrowsAt_AnswersAllWhoWaited()
    {
        await using var node = await NodeAsync(nodes: 1);
        var meters = node.Services.GetRequiredService<IMeterFactory>();
        var subject = RedisNode.Subject("1000/hour");
        await node.CheckAsync(subject);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name == "apikeyauth.redis.limiter.fallback")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => throw new InvalidOperationException("The listener is full."));
        listener.Start();
        await _server.StopAsync();
        Task<RateLimitDecision>[] checks = [.. Enumerable.Range(0, 50).Select(_ => Task.Run(() => node.CheckAsync(subject)))];
        await ((Task)Task.WhenAll(checks).WaitAsync(Eventually.Deadline)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.That(checks.Select(check => check.Exception?.InnerException?.Message), Is.All.EqualTo("The listener is full."));
    }

    private Task<RedisNode> NodeAsync(int nodes, ApiKeyRedisOutage outage = ApiKeyRedisOutage.LocalShare, int timeout = 50) =>
        RedisNode.StartAsync(
        _server.ConnectionString,
        options => (options.Outage, options.Timeout, options.RetryInterval) = (
            outage, TimeSpan.FromMilliseconds(timeout), TimeSpan.FromMilliseconds(50)),
        nodes);

    private async Task ExecuteAsync(string command, params object[] arguments)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(_server.ConnectionString + ",allowAdmin=true");
        await connection.GetDatabase().ExecuteAsync(command, arguments);
    }

    private static async Task<int> CountAdmittedAsync(RedisNode node, RateLimitSubject subject, int checks)
    {
        var admitted = 0;
        for (var check = 0; check < checks; check++)
        {
            admitted += (await node.CheckAsync(subject)).IsAdmitted ? 1 : 0;
        }

        return admitted;
    }

    private sealed class ClockAhead : TimeProvider
    {
        private readonly long _ahead = 90 * System.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddSeconds(90);

        public override long GetTimestamp() => base.GetTimestamp() + _ahead;
    }

    /// <summary>Represents a logger that throws on each entry.</summary>
    private sealed class ThrowingLog : ILoggerProvider, ILogger
    {
        private int _thrown;

        public bool Throws { get; set; }

        public int Thrown => _thrown;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (Throws)
            {
                Interlocked.Increment(ref _thrown);
                throw new InvalidOperationException("The log is full.");
            }
        }

        public void Dispose()
        {
        }
    }
}
