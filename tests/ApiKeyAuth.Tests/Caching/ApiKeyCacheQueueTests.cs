using System.Collections.Concurrent;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Stores;

namespace ApiKeyAuth.Tests.Caching;

/// <summary>Many different keys miss the cache at once: store calls are limited, and waiting lookups are combined.</summary>
public sealed class ApiKeyCacheQueueTests
{
    private const int Keys = 1_000;
    private static readonly string[] Secrets = [.. Enumerable.Range(0, Keys).Select(index => $"s{index}")];

    [Test]
    public async Task Find_ManyKeysAndAStoreWithoutBatches_LimitsConcurrentCalls()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        var lookups = Secrets.Select(secret => rig.FindAsync(secret)).ToArray();
        for (var answered = 0; answered < Keys; answered++)
        {
            var call = await store.NextAsync();
            Assert.That(store.Calls - answered, Is.LessThanOrEqualTo(LoadQueue.MaxSingleCalls));
            call.Answer(FindKey(call.Hashes));
        }

        await AssertFoundAsync(lookups);
    }

    [Test]
    public async Task Find_QueuedLongerThanTheTimeout_IsFound()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        var lookups = Secrets[..(4 * LoadQueue.MaxSingleCalls)].Select(secret => rig.FindAsync(secret)).ToArray();
        for (var round = 0; round < 4; round++)
        {
            // Each call completes within the timeout; queued lookups wait longer.
            var calls = new List<GatedStore.Call>();
            while (calls.Count < LoadQueue.MaxSingleCalls)
            {
                calls.Add(await store.NextAsync());
            }

            rig.Clock.Advance(TimeSpan.FromSeconds(1.5));
            calls.ForEach(call => call.Answer(FindKey(call.Hashes)));
        }

        await AssertFoundAsync(lookups);
    }

    [Test]
    public async Task Find_StoreTimesOut_CompletesQueuedLookups()
    {
        var store = new GatedStore();
        using var rig = new CacheRig(store);
        var lookups = Secrets[..(2 * LoadQueue.MaxSingleCalls)].Select(secret => rig.FindAsync(secret)).ToArray();
        await Eventually.IsTrueAsync(() => store.Calls == LoadQueue.MaxSingleCalls && rig.Clock.Timers >= LoadQueue.MaxSingleCalls);
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.IsTrueAsync(() =>
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(2));
            return lookups.All(lookup => lookup.IsCompleted);
        });
        Assert.That((await Task.WhenAll(lookups)).Select(CacheRig.Describe), Is.All.EqualTo("unavailable"));

        // Later lookups query the store again.
        var next = rig.FindAsync("s0");
        await Eventually.IsTrueAsync(() => store.Calls > LoadQueue.MaxSingleCalls);
        while (!next.IsCompleted)
        {
            var call = await store.NextAsync();
            call.Answer(FindKey(call.Hashes));
            await Task.WhenAny(next, Task.Delay(10));
        }

        Assert.That(CacheRig.Describe(await next), Is.EqualTo("s0"));
    }

    [Test]
    public async Task Find_ManyKeysAndABatchStore_CallsItAFewTimes()
    {
        var store = new BatchStore();
        using var rig = new CacheRig(store, new BatchStore { IsEmpty = true });
        var lookups = Secrets.Select(secret => rig.FindAsync(secret)).ToArray();
        await Eventually.IsTrueAsync(() => store.Waiting == LoadQueue.MaxBatchCalls);
        store.Open();
        await AssertFoundAsync(lookups);
        Assert.That(store.Batches.Sum(), Is.EqualTo(Keys));
        Assert.That(store.Batches, Has.Count.LessThan(30).And.All.LessThanOrEqualTo(LoadQueue.MaxBatchSize));
        Assert.That(store.MaxConcurrentCalls, Is.LessThanOrEqualTo(LoadQueue.MaxBatchCalls));
    }

    [Test]
    public async Task Find_BatchFails_IsUnavailableAndNeverUnknown([Values("throws", "count", "order")] string fault)
    {
        var store = new BatchStore { Fault = fault };
        using var rig = new CacheRig(store);
        var lookups = Secrets[..100].Select(secret => rig.FindAsync(secret)).ToArray();
        await Eventually.IsTrueAsync(() => store.Waiting == LoadQueue.MaxBatchCalls);
        store.Open();
        var outcomes = (await Task.WhenAll(lookups).WaitAsync(Eventually.Deadline)).CountBy(CacheRig.Describe).ToDictionary();
        Assert.That(outcomes, Does.Not.ContainKey("unknown"));
        Assert.That(
            outcomes["unavailable"],
            Is.EqualTo(100 - store.Batches.Count(size => size == 1)).And.GreaterThan(50),
            "a single lookup is not a batch");
        Assert.That(rig.Log.Of(fault switch { "throws" => 10, "count" => 17, _ => 12 }), Is.Not.Empty);

        // The failure is not cached.
        store.Fault = null;
        Assert.That(await rig.OutcomeAsync("s99"), Is.EqualTo("s99"));
    }

    [Test]
    public async Task Find_BatchContainsAnUnknownAndAMalformedKey_HandlesEachSeparately()
    {
        var store = new BatchStore { Unknown = "s50", Malformed = "s51" };
        using var rig = new CacheRig(store);
        var lookups = Secrets[..100].Select(secret => rig.FindAsync(secret)).ToArray();
        await Eventually.IsTrueAsync(() => store.Waiting == LoadQueue.MaxBatchCalls);
        store.Open();
        var outcomes = (await Task.WhenAll(lookups).WaitAsync(Eventually.Deadline)).Select(CacheRig.Describe).ToArray();
        Assert.That((outcomes[50], outcomes[51]), Is.EqualTo(("unknown", "unavailable")));
        Assert.That(
            outcomes.Where((_, index) => index is not (50 or 51)),
            Is.EqualTo(Secrets[..100].Where((_, index) => index is not (50 or 51))));
    }

    [Test]
    public async Task Find_OneStoreWithoutBatches_UsesNoBatches()
    {
        var batches = new BatchStore();
        batches.Open();
        var single = new ScriptedStore();
        using var rig = new CacheRig(single, batches);
        await AssertFoundAsync([.. Secrets.Select(secret => rig.FindAsync(secret))]);
        Assert.That((single.Calls, batches.Batches.Count(size => size > 1)), Is.EqualTo((Keys, 0)));
    }

    private static ApiKey FindKey(IReadOnlyList<ApiKeyHash> hashes) =>
        Array.Find(Secrets, secret => hashes.Contains(new ApiKeyHasher([]).Hash(secret))) is { } found
            ? CacheRig.Key(found, found)
            : null!;

    private static async Task AssertFoundAsync(Task<ApiKeyLookupResult>[] lookups) =>
        Assert.That(
            (await Task.WhenAll(lookups).WaitAsync(Eventually.Deadline)).Select(CacheRig.Describe),
            Is.EqualTo(Secrets[..lookups.Length]));

    /// <summary>Represents a store with batches that holds every call until it is opened.</summary>
    private sealed class BatchStore : IBatchApiKeyStore
    {
        private static readonly Dictionary<ApiKeyHash, string> All = Secrets.ToDictionary(new ApiKeyHasher([]).Hash);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private int _waiting;

        public int Waiting => Volatile.Read(ref _waiting);

        public int MaxConcurrentCalls { get; private set; }

        public ConcurrentBag<int> Batches { get; } = [];

        public bool IsEmpty { get; init; }

        public string? Fault { get; set; }

        public string? Unknown { get; init; }

        public string? Malformed { get; init; }

        public void Open() => _open.TrySetResult();

        public async ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
        {
            await EnterAsync(1);
            return Find(hashes);
        }

        public async ValueTask<IReadOnlyList<ApiKey?>> FindManyAsync(
            IReadOnlyList<IReadOnlyList<ApiKeyHash>> lookups, CancellationToken cancellationToken)
        {
            await EnterAsync(lookups.Count);
            var found = lookups.Select(Find).ToList();
            return Fault switch
            {
                "throws" => throw new InvalidOperationException("Host=db;Password=hunter2"),
                "count" => found[1..],
                "order" => [.. found[1..], found[0]],
                _ => found,
            };
        }

        private async Task EnterAsync(int count)
        {
            Batches.Add(count);
            lock (_gate)
            {
                MaxConcurrentCalls = Math.Max(MaxConcurrentCalls, ++_waiting);
            }

            if (!IsEmpty)
            {
                await _open.Task;
            }

            Interlocked.Decrement(ref _waiting);
        }

        private ApiKey? Find(IReadOnlyList<ApiKeyHash> hashes) =>
            IsEmpty || !All.TryGetValue(hashes[0], out var secret) || secret == Unknown ? null
            : secret == Malformed ? CacheRig.Key(secret, secret) with { Name = null! }
            : CacheRig.Key(secret, secret);
    }
}
