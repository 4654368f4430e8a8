using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Testing.Nodes;

/// <summary>What the library relies on in the server of a bus; a carrier inherits it in one fixture, and every test of it must pass.</summary>
/// <remarks>It works with clocks that cannot be set, and waits for whole leases.</remarks>
public abstract partial class ApiKeyBusCarrierConformance
{
    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private IApiKeyBusCarrier _carrier = null!;

    /// <summary>Makes a bus that nobody has used.</summary>
    protected abstract ValueTask<IApiKeyBusCarrier> CreateCarrierAsync();

    /// <summary>Makes the bus of a test.</summary>
    [SetUp]
    public async Task CreateAsync() => _carrier = await CreateCarrierAsync();

    /// <summary>A node that comes gets a position, and is told that anything may have changed.</summary>
    [Test]
    public async Task Beat_OfOneThatComes_TellsThatAnythingMayHaveChanged()
    {
        var first = await BeatAsync("one");
        var second = await BeatAsync("two");
        Assert.That((first.ChangedKeys, second.ChangedKeys), Is.EqualTo(((IReadOnlyList<string>?)null, (IReadOnlyList<string>?)null)));
        Assert.That((first.Nodes, second.Nodes, first.Position.Length > 0), Is.EqualTo((1, 2, true)));
    }

    /// <summary>A node is told each change once, in order, whatever the key is called.</summary>
    [Test]
    public async Task Beat_AfterChanges_ListsThemInOrderAndOnce()
    {
        string[] keys = ["key_1", "a b", "ключ-鍵-🔑", "'; DROP TABLE x;--", "a:b,c;d\n\"\\{}%", "key_1", new string('k', 200)];
        var position = (await BeatAsync("one")).Position;
        foreach (var key in keys)
        {
            await PublishAsync("two", key);
        }

        var told = await BeatAsync("one", position);
        Assert.That(told.ChangedKeys, Is.EqualTo(keys));
        Assert.That((await BeatAsync("one", told.Position)).ChangedKeys, Is.Empty);
    }

    /// <summary>A position that no log gave tells nothing: anything may have changed, and nobody has acted on it.</summary>
    [TestCase("1:0123456789abcdef0123456789abcdef")]
    [TestCase("99999:0123456789abcdef0123456789abcdef")]
    [TestCase("none")]
    [TestCase("")]
    public async Task Position_OfAnotherLog_IsNotFound(string position)
    {
        await SettleAsync("one");
        Assert.That((await BeatAsync("one", position)).ChangedKeys, Is.Null);
        Assert.That(await IsAcknowledgedAsync("two", position), Is.False);
    }

    /// <summary>A log may forget old changes; who missed one of them is told that anything may have changed, never only the rest.</summary>
    [Test]
    public async Task Beat_AfterMoreChangesThanAreKept_TellsAllOrThatAnythingMayHaveChanged()
    {
        const int Changes = 2500;
        var position = (await BeatAsync("one")).Position;
        for (var change = 0; change < Changes; change++)
        {
            await PublishAsync("two", $"key_{change}");
        }

        Assert.That((await BeatAsync("one", position)).ChangedKeys?.Count, Is.Null.Or.EqualTo(Changes));
    }

    /// <summary>Changes made at once all have a place in the log, and every node is told all of them.</summary>
    [Test]
    public async Task Publish_FromManyNodesAtOnce_LosesNone()
    {
        const int Nodes = 4;
        const int Changes = 40;
        var starts = new List<string>();
        for (var node = 0; node < Nodes; node++)
        {
            starts.Add((await BeatAsync($"node{node}")).Position);
        }

        var positions = await Task.WhenAll(Enumerable.Range(0, Nodes).Select(node => Task.Run(async () =>
        {
            var published = new List<string>();
            for (var change = 0; change < Changes; change++)
            {
                published.Add((await PublishAsync($"node{node}", $"{node}.{change}")).Position);
            }

            return published;
        })));
        Assert.That(positions.SelectMany(each => each), Is.Unique);
        var told = (await BeatAsync("node0", starts[0])).ChangedKeys!;
        Assert.That(told, Has.Count.EqualTo(Nodes * Changes).And.Unique);
        for (var node = 0; node < Nodes; node++)
        {
            Assert.That(told.Where(key => key.StartsWith($"{node}.", StringComparison.Ordinal)), Is.EqualTo(Enumerable.Range(0, Changes).Select(change => $"{node}.{change}")));
        }
    }

    private ValueTask<ApiKeyBusBeat> BeatAsync(string node, string position = "", TimeSpan? lease = null) => _carrier.BeatAsync(node, lease ?? Lease, position, default);

    private ValueTask<ApiKeyBusPublication> PublishAsync(string node, string key) => _carrier.PublishAsync(node, Lease, key, default);

    private ValueTask<bool> IsAcknowledgedAsync(string node, string position) => _carrier.IsAcknowledgedAsync(node, Lease, position, default);

    /// <summary>Keeps a node on a list until the list is sure to lack none.</summary>
    private async Task<string> SettleAsync(string node)
    {
        var began = TimeProvider.System.GetTimestamp();
        var position = (await BeatAsync(node)).Position;
        while (!await IsAcknowledgedAsync(node, position))
        {
            Assert.That(TimeProvider.System.GetElapsedTime(began), Is.LessThan(Patience), "the list never settles");
            await Task.Delay(Lease / 8);
            position = (await BeatAsync(node, position)).Position;
        }

        return position;
    }
}
