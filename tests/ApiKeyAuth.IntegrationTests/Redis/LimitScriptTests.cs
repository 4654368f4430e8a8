using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>Compares the script, with a clock of the test, with an exact log.</summary>
internal sealed class LimitScriptTests
{
    private const long Window = 60_000_000;
    private const string ShortWay = "if not (isOneState and";
    private static readonly string Whole = ReadWithOuterClock();

    // Without the fast path of the script, so that each state is tested with both paths.
    private static readonly string General = Whole.Replace(ShortWay, "if not (false and", StringComparison.Ordinal);

    private RedisServer? _redis;
    private GarnetServer? _garnet;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _garnet = new GarnetServer("--lua-transaction-mode");
        _redis = await RedisServer.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _garnet?.Dispose();
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    [TestCase(false, 5)]
    [TestCase(false, 64)]
    [TestCase(false, 65)]
    [TestCase(false, 1000)]
    [TestCase(true, 64)]
    [TestCase(true, 1000)]
    public async Task Script_RandomCostsAndBackwardClocks_AdmitsNeverMoreAndTellsExactWaits(bool onGarnet, long permits)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(onGarnet ? _garnet!.ConnectionString : _redis!.ConnectionString);
        var database = connection.GetDatabase();
        for (var run = 0; run < 4; run++)
        {
            await FuzzAsync(database, $"fuzz{permits}-{run}", permits, new Numbers((ulong)(permits * 10 + run)));
        }
    }

    [Test]
    public async Task Script_UnderFlood_SustainsNearlyTheWholeLimit()
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(_redis!.ConnectionString);
        long admitted = 0;
        for (var step = 0; step < 10_000; step++)
        {
            admitted += (await RunScriptAsync(connection.GetDatabase(), "flood", 1000, 1_000_000_000 + step * (Window / 1000), 2))[0] * 2;
        }

        Assert.That(admitted, Is.InRange(9_800, 10_000));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Script_SeveralWindows_ShortWayDoesWhatTheRestDoes(bool onGarnet)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(onGarnet ? _garnet!.ConnectionString : _redis!.ConnectionString);
        var database = connection.GetDatabase();
        var numbers = new Numbers(7);
        var now = 1_700_000_000_000_000L;
        var (inShort, rejected) = (0, 0);
        for (var step = 0; step < 3_000; step++)
        {
            // Windows are added, removed, reordered and changed; the log of the first one is full of runs.
            RedisValue[] windows = numbers.Below(100) switch
            {
                < 90 => [3, 0, 1, 40, 60, 1000, 3600, 20_000],
                < 95 => [2, 0, 60, 1000, 1, 40],
                < 98 => [1, 0, 60, 900],
                _ => [3, 0, 1, 40, 60, 1000, 7200, 20_000],
            };
            now += numbers.Below(200) switch
            {
                < 196 => numbers.Below(40_000),
                196 => 30_000_000,
                197 => 8_000_000_000,
                _ => -numbers.Below(2_000_000),
            };
            var requests = numbers.Below(10) == 0 ? 3 : 1;
            RedisValue[] arguments =
            [
                windows.Length + 3,
                .. windows,
                numbers.Below(20) == 0 ? 5 : 1,
                0,
                requests,
                now / 1_000_000,
                now % 1_000_000,
            ];
            var quick = (long[])(await database.ScriptEvaluateAsync(Whole, ["whole"], arguments))!;
            var slow = (long[])(await database.ScriptEvaluateAsync(General, ["general"], arguments))!;
            Assert.That(Complete(quick, windows, requests), Is.EqualTo(slow), $"step {step}");
            Assert.That(
                (byte[]?)await database.StringGetAsync("whole"),
                Is.EqualTo((byte[]?)await database.StringGetAsync("general")),
                $"step {step}");
            inShort += quick.Length < slow.Length ? 1 : 0;
            rejected += (int)(requests - slow[1]);
        }

        Assert.That(inShort, Is.GreaterThan(800), "took the short way");
        Assert.That(rejected, Is.GreaterThan(100));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Script_SeveralKeysInOneCall_EachIsAsByItself(bool onGarnet)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(onGarnet ? _garnet!.ConnectionString : _redis!.ConnectionString);
        var database = connection.GetDatabase();
        var numbers = new Numbers(11);
        var now = 1_700_000_000_000_000L;
        var rejected = 0;
        for (var step = 0; step < 400; step++)
        {
            now += numbers.Below(10) == 0 ? 70_000_000 : numbers.Below(3_000_000);
            var (states, arguments, replies) = (new List<string>(), new List<RedisValue>(), new List<long>());
            for (var part = numbers.Below(5); part >= 0; part--)
            {
                // One of few keys, so that a call may contain the same key twice; some share a tenant, and some have unsynced charges.
                var key = $"{numbers.Below(4)}";
                string[] own = numbers.Below(3) == 0 ? [$"tenant{key}", "tenant"] : [$"key{key}"];
                RedisValue[] windows = own.Length > 1 ? [1, 1, 60, 40, 60, 100] : [2, 0, 60, 30, 1, 9];
                RedisValue[] items =
                [
                    .. Item(0),
                    .. numbers.Below(4) == 0 ? Item(1) : [],
                    .. numbers.Below(4) == 0 ? [2, 2, numbers.Below(90_000_000)] : Array.Empty<RedisValue>(),
                ];
                RedisValue[] asked = [windows.Length + items.Length, .. windows, .. items];
                var reply = (long[])(
                    await database.ScriptEvaluateAsync(Whole, Named("alone", own), [.. asked, now / 1_000_000, now % 1_000_000]))!;
                states.AddRange(own);
                arguments.AddRange(asked);
                replies.AddRange(reply);
                rejected += reply.Length > 1 + windows.Length && reply[1] == 0 ? 1 : 0;
            }

            var together = (long[])(
                await database.ScriptEvaluateAsync(Whole, Named("together", states), [.. arguments, now / 1_000_000, now % 1_000_000]))!;
            Assert.That(together, Is.EqualTo(replies), $"step {step}");
            foreach (var state in states)
            {
                Assert.That(
                    (byte[]?)await database.StringGetAsync("together" + state),
                    Is.EqualTo((byte[]?)await database.StringGetAsync("alone" + state)),
                    $"{state} at step {step}");
            }
        }

        Assert.That(rejected, Is.GreaterThan(50));

        RedisValue[] Item(int mode) => [1 + numbers.Below(5), mode, 1 + numbers.Below(4)];
        static RedisKey[] Named(string prefix, IEnumerable<string> states) => [.. states.Select(state => (RedisKey)(prefix + state))];
    }

    private static async Task FuzzAsync(IDatabase database, string state, long permits, Numbers numbers)
    {
        var charges = new List<(long At, long Cost)>();
        var now = 1_700_000_000_000_000L;
        for (var step = 0; step < 600; step++)
        {
            now += numbers.Below(30) switch
            {
                < 10 => 0,
                < 22 => numbers.Below(Window / (permits < 100 ? 20 : 200)),
                < 25 => numbers.Below(Window / 3),
                25 => Window,
                26 => Window - 1,
                27 => -numbers.Below(Window / 5),
                28 => -2 * Window,
                _ => 3 * Window,
            };
            var cost = numbers.Below(8) == 0 ? permits : 1 + numbers.Below(Math.Max(1, permits / 10));
            var reply = await RunScriptAsync(database, state, permits, now, cost);
            var seen = charges.Count > 0 ? Math.Max(now, charges[^1].At) : now;
            var free = permits - charges.Where(charge => seen - charge.At < Window).Sum(charge => charge.Cost);
            if (reply[0] == 1)
            {
                Assert.That(cost, Is.LessThanOrEqualTo(free), $"step {step} of {state}");
                charges.Add((seen, cost));
            }
            else
            {
                Assert.That(
                    permits <= 64 && cost <= free, Is.False, $"step {step} of {state}: up to as many permits as runs the log is exact");
                Assert.That((await RunScriptAsync(database, state, permits, now + reply[3] - 1, cost))[0], Is.Zero, "the wait is too long");
                Assert.That(
                    (await RunScriptAsync(database, state, permits, now + reply[3], cost))[0], Is.EqualTo(1), "the wait is too short");
                charges.Add((Math.Max(seen, now + reply[3]), cost));
                now += reply[3];
            }
        }
    }

    private static async Task<long[]> RunScriptAsync(IDatabase database, string state, long permits, long now, long cost)
    {
        RedisValue[] windows = [1, 0, Window / 1_000_000, permits];
        var reply = await database.ScriptEvaluateAsync(
            now % 3 == 0 ? General : Whole, [state], [windows.Length + 3, .. windows, cost, 0, 1, now / 1_000_000, now % 1_000_000]);
        return Complete((long[])reply!, windows, 1)[1..];
    }

    /// <summary>Adds what a short reply leaves out: all requests were admitted, and each window is free after its whole length.</summary>
    private static long[] Complete(long[] reply, RedisValue[] windows, int requests) => reply[0] != (long)windows[0] ? reply :
    [
        1 + (3 * reply[0]),
        requests,
        .. reply.Skip(1).SelectMany((used, window) => (long[])[used, (long)windows[2 + (2 * window)] * 1_000_000, 0]),
    ];

    private static string ReadWithOuterClock()
    {
        using var reader = new StreamReader(typeof(ApiKeyRedisExtensions).Assembly.GetManifestResourceStream("Limit.lua")!);
        var script = reader.ReadToEnd();
        var outer = "local outer = { ARGV[#ARGV - 1], ARGV[#ARGV] }\nARGV[#ARGV] = nil\nARGV[#ARGV] = nil\n" + script.Replace(
            "redis.call('TIME')", "outer", StringComparison.Ordinal)

            // The server's own clock advances less, so nothing expires by it.
            .Replace(", 'PX', longest .. '001'", "", StringComparison.Ordinal)
            .Replace(", 'PX', string.format('%d', expiration)", "", StringComparison.Ordinal);
        return !outer.Contains(ShortWay, StringComparison.Ordinal)
            || outer.Contains("TIME", StringComparison.Ordinal)
            || outer.Contains("PX", StringComparison.Ordinal)
            ? throw new InvalidOperationException("The script reads its clock, or takes its short way, elsewhere now.")
            : outer;
    }

    private sealed class Numbers(ulong seed)
    {
        private ulong _state = seed * 2 + 1;

        public long Below(long bound)
        {
            _state = _state * 6364136223846793005 + 1442695040888963407;
            return (long)((_state >> 33) % (ulong)bound);
        }
    }
}
