using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.Caching;

public sealed class ApiKeyCacheFaultTests
{
    private const string Message = "hunter2";

    private static readonly ApiKey Good = CacheRig.Key("k1", "s1");

    private static IEnumerable<TestCaseData> InvalidResults()
    {
        ApiKeySecret right = Good.Secrets[0];
        yield return Case("OtherHash", Good with { Secrets = [new ApiKeySecret { Hash = new ApiKeyHasher([]).Hash("s2") }] });
        yield return Case("NoSecret", Good with { Secrets = [] });
        yield return Case("SecretsNull", Good with { Secrets = null! });
        yield return Case("SecretNull", Good with { Secrets = [null!] });
        yield return Case("HashNull", Good with { Secrets = [new ApiKeySecret { Hash = null! }] });
        yield return Case("OtherPepper", Good with { Secrets = [new ApiKeySecret { Hash = new ApiKeyHash(right.Hash.Digest, "p9") }] });
        yield return Case("IdNull", Good with { Id = null! });
        yield return Case("IdEmpty", Good with { Id = "" });
        yield return Case("IdTooLong", Good with { Id = new string('x', 201) });
        yield return Case("IdWithControls", Good with { Id = "k1\r\nforged line" });
        yield return Case("NameNull", Good with { Name = null! });
        yield return Case("ScopesNull", Good with { Scopes = null! });
        yield return Case("RateLimitsNull", Good with { RateLimits = null! });
        yield return Case("RateLimitEmpty", Good with { RateLimits = [default] });
        yield return Case("NetworksNull", Good with { Networks = null! });
        yield return Case("AudiencesNull", Good with { Audiences = null! });
        yield return Case("MetadataNull", Good with { Metadata = null! });

        static TestCaseData Case(string name, ApiKey result) =>
            new TestCaseData(result).SetName($"Find_StoreReturnsInvalidKey_IsUnavailable({name})");
    }

    [TestCaseSource(nameof(InvalidResults))]
    public async Task Find_StoreReturnsInvalidKey_IsUnavailable(ApiKey result)
    {
        var store = new ScriptedStore((_, _) => ValueTask.FromResult<ApiKey?>(result));
        using var rig = new CacheRig(store);
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unavailable"));
        Assert.That(rig.Log.Entries.Count(line => line.Level >= LogLevel.Error), Is.EqualTo(1));
        Assert.That(rig.Log.Entries.Select(line => line.Text), Has.None.Contains("\n").And.None.Contains(new string('x', 201)));
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unavailable"));
        Assert.That(store.Calls, Is.EqualTo(2), "an invalid result is not cached");
    }

    [Test]
    public async Task Find_StoreThrowsSynchronouslyOrLater_IsUnavailableAndLogsTheTypeOnly()
    {
        var outcomes = new List<string>();
        foreach (var result in Throwing())
        {
            using var rig = new CacheRig(new ScriptedStore((_, _) => result()));
            outcomes.Add(await rig.OutcomeAsync("s1"));
            Assert.That(rig.Log.Of(10), Has.Count.EqualTo(1));
            Assert.That(rig.Log.Of(10)[0].Text, Does.Contain(nameof(ScriptedStore)).And.Contain("Exception"));
            Assert.That(rig.Log.Entries.Select(line => line.Text), Has.None.Contains(Message));
        }

        Assert.That(outcomes, Is.EqualTo(Enumerable.Repeat("unavailable", 5)));
    }

    [Test]
    public async Task Find_StoreCannotBeCreated_IsUnavailableAndLogsTheTypeOnly()
    {
        using var rig = new CacheRig(services => services.AddScoped<IApiKeyStore>(_ => throw new InvalidOperationException(Message)));
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unavailable"));
        Assert.That(rig.Log.Of(10), Has.Count.EqualTo(1));
        Assert.That(rig.Log.Entries.Select(line => line.Text), Has.None.Contains(Message));
    }

    [Test]
    public async Task Find_ScopeCannotBeDisposed_IsUnavailable()
    {
        using var rig = new CacheRig(services => services.AddScoped<IApiKeyStore, UndisposableStore>());
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unavailable"));
        Assert.That(rig.Log.Entries.Select(line => line.Text), Has.None.Contains(Message));
    }

    [Test]
    public async Task Find_StoreIgnoresItsToken_IsUnavailableExactlyAtTheTimeout()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        var lookup = rig.FindAsync("s1");
        var call = await store.NextAsync();
        await Eventually.IsTrueAsync(() => rig.Clock.Timers > 0);
        rig.Clock.Advance(TimeSpan.FromMilliseconds(1_999));
        Assert.That((lookup.IsCompleted, call.Token.IsCancellationRequested), Is.EqualTo((false, false)));
        rig.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(CacheRig.Describe(await lookup.WaitAsync(Eventually.Deadline)), Is.EqualTo("unavailable"));
        await Eventually.IsTrueAsync(() => call.Token.IsCancellationRequested);

        // A late result is neither cached nor logged.
        call.Answer(Good);
        var second = rig.FindAsync("s1");
        (await store.NextAsync()).Answer(Good);
        Assert.That(CacheRig.Describe(await second), Is.EqualTo("k1"));
        Assert.That(rig.Log.Entries.Select(line => line.EventId), Is.EqualTo(new[] { 11 }));
    }

    [Test]
    public async Task Find_StoreObservesItsToken_IsUnavailableAndLoggedOnce()
    {
        var ended = new TaskCompletionSource();
        var store = new ScriptedStore(async (_, token) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                ended.SetResult();
            }

            return null;
        });
        var other = new ScriptedStore();
        using var rig = new CacheRig(store, other);
        var lookup = rig.FindAsync("s1");
        await Eventually.IsTrueAsync(() => rig.Clock.Timers > 0 && store.Calls == 1);
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That(CacheRig.Describe(await lookup.WaitAsync(Eventually.Deadline)), Is.EqualTo("unavailable"));
        await ended.Task.WaitAsync(Eventually.Deadline);
        Assert.That(rig.Log.Of(11), Has.Count.EqualTo(1));
        Assert.That(rig.Log.Of(11)[0].Text, Does.Contain(nameof(ScriptedStore)));
        Assert.That(other.Calls, Is.Zero, "no caller is waiting");
    }

    [Test]
    public async Task Find_StoreBlocksItsThread_IsUnavailableAtTheTimeout()
    {
        using var gate = new ManualResetEventSlim();
        var store = new ScriptedStore((_, _) =>
        {
            gate.Wait(CancellationToken.None);
            return ValueTask.FromResult<ApiKey?>(null);
        });
        using var rig = new CacheRig(store);
        var lookup = rig.FindAsync("s1");
        await Eventually.IsTrueAsync(() => rig.Clock.Timers > 0 && store.Calls == 1);
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That(CacheRig.Describe(await lookup.WaitAsync(Eventually.Deadline)), Is.EqualTo("unavailable"));
        gate.Set();
    }

    [Test]
    public async Task Find_StoreHangsInItsTokenCallback_IsUnavailableAtTheTimeout()
    {
        using var gate = new ManualResetEventSlim();
        var never = new TaskCompletionSource<ApiKey?>();
        var store = new ScriptedStore((_, token) =>
        {
            token.Register(() => gate.Wait(CancellationToken.None));
            return new ValueTask<ApiKey?>(never.Task);
        });
        using var rig = new CacheRig(store);
        var lookup = rig.FindAsync("s1");
        await Eventually.IsTrueAsync(() => rig.Clock.Timers > 0 && store.Calls == 1);
        var advance = Task.Run(() => rig.Clock.Advance(TimeSpan.FromSeconds(2)));
        Assert.That(CacheRig.Describe(await lookup.WaitAsync(Eventually.Deadline)), Is.EqualTo("unavailable"));
        await advance.WaitAsync(Eventually.Deadline);
        gate.Set();
    }

    private static IEnumerable<Func<ValueTask<ApiKey?>>> Throwing()
    {
        yield return () => throw new InvalidOperationException(Message);
        yield return () => ValueTask.FromException<ApiKey?>(new TimeoutException(Message));
        yield return () => ValueTask.FromException<ApiKey?>(new OperationCanceledException(Message));
        yield return () => ValueTask.FromCanceled<ApiKey?>(new CancellationToken(canceled: true));
        yield return async () =>
        {
            await Task.Yield();
            throw new AggregateException(Message, new InvalidOperationException(Message));
        };
    }

    private sealed class UndisposableStore : IApiKeyStore, IDisposable
    {
        public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken) =>
            ValueTask.FromResult<ApiKey?>(Good);

        public void Dispose() => throw new InvalidOperationException(Message);
    }
}
