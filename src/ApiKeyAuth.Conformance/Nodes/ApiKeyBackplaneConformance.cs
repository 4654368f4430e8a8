using ApiKeyAuth.Backplane;

namespace ApiKeyAuth.Conformance.Nodes;

/// <summary>Defines the tests that every backplane must pass. Inherit one fixture for each backplane.</summary>
/// <remarks>The suite works with clocks that cannot be set, and waits for whole leases.</remarks>
public abstract partial class ApiKeyBackplaneConformance
{
    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private IApiKeyBackplane _backplane = null!;

    /// <summary>Creates a backplane that has not been used before.</summary>
    protected abstract ValueTask<IApiKeyBackplane> CreateBackplaneAsync();

    /// <summary>Creates the backplane before each test.</summary>
    [SetUp]
    public async Task CreateAsync() => _backplane = await CreateBackplaneAsync();

    /// <summary>A new node receives a position, and the information that any key may have changed.</summary>
    [Test]
    public async Task Heartbeat_NewMember_ReportsThatAnyKeyMayHaveChanged()
    {
        var first = await HeartbeatAsync("one");
        var second = await HeartbeatAsync("two");
        Assert.That((first.ChangedKeyIds, second.ChangedKeyIds), Is.EqualTo(((IReadOnlyList<string>?)null, (IReadOnlyList<string>?)null)));
        Assert.That((first.MemberCount, second.MemberCount, first.Position.Length > 0), Is.EqualTo((1, 2, true)));
    }

    /// <summary>A node receives each change once, in order, whatever the ID of the key is.</summary>
    [Test]
    public async Task Heartbeat_AfterChanges_ListsThemOnceInOrder()
    {
        string[] keys = ["key_1", "a b", "ключ-鍵-🔑", "'; DROP TABLE x;--", "a:b,c;d\n\"\\{}%", "key_1", new string('k', 200)];
        var position = (await HeartbeatAsync("one")).Position;
        foreach (var key in keys)
        {
            await PublishAsync("two", key);
        }

        var heartbeat = await HeartbeatAsync("one", position);
        Assert.That(heartbeat.ChangedKeyIds, Is.EqualTo(keys));
        Assert.That((await HeartbeatAsync("one", heartbeat.Position)).ChangedKeyIds, Is.Empty);
    }

    /// <summary>An unknown position means that any key may have changed, and is never acknowledged.</summary>
    [TestCase("1:0123456789abcdef0123456789abcdef")]
    [TestCase("99999:0123456789abcdef0123456789abcdef")]
    [TestCase("none")]
    [TestCase("")]
    public async Task Heartbeat_PositionOfAnotherLog_ReportsThatAnyKeyMayHaveChanged(string position)
    {
        await JoinAsync("one");
        Assert.That((await HeartbeatAsync("one", position)).ChangedKeyIds, Is.Null);
        Assert.That(await IsAcknowledgedAsync("two", position), Is.False);
    }

    /// <summary>
    /// A log may drop old changes. A node that missed one of them learns that any key may have changed, and never only the rest.
    /// </summary>
    [Test]
    public async Task Heartbeat_MoreChangesThanRetained_ListsAllOrReportsThatAnyKeyMayHaveChanged()
    {
        const int Changes = 2500;
        var position = (await HeartbeatAsync("one")).Position;
        for (var change = 0; change < Changes; change++)
        {
            await PublishAsync("two", $"key_{change}");
        }

        Assert.That((await HeartbeatAsync("one", position)).ChangedKeyIds?.Count, Is.Null.Or.EqualTo(Changes));
    }

    /// <summary>Concurrent changes all have a place in the log, and every node receives all of them.</summary>
    [Test]
    public async Task Publish_ConcurrentMembers_LosesNone()
    {
        const int Nodes = 4;
        const int Changes = 40;
        var starts = new List<string>();
        for (var node = 0; node < Nodes; node++)
        {
            starts.Add((await HeartbeatAsync($"node{node}")).Position);
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
        var changed = (await HeartbeatAsync("node0", starts[0])).ChangedKeyIds!;
        Assert.That(changed, Has.Count.EqualTo(Nodes * Changes).And.Unique);
        for (var node = 0; node < Nodes; node++)
        {
            Assert.That(
                changed.Where(key => key.StartsWith($"{node}.", StringComparison.Ordinal)),
                Is.EqualTo(Enumerable.Range(0, Changes).Select(change => $"{node}.{change}")));
        }
    }

    private ValueTask<HeartbeatResult> HeartbeatAsync(string memberId, string position = "", TimeSpan? lease = null) =>
        _backplane.SendHeartbeatAsync(memberId, lease ?? Lease, position, default);

    private ValueTask<PublishResult> PublishAsync(string memberId, string key) =>
        _backplane.PublishAsync(memberId, Lease, key, default);

    private ValueTask<bool> IsAcknowledgedAsync(string memberId, string position) =>
        _backplane.IsAcknowledgedAsync(memberId, Lease, position, default);

    /// <summary>Sends heartbeats of a node until the member list is complete.</summary>
    private async Task<string> JoinAsync(string memberId)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        var position = (await HeartbeatAsync(memberId)).Position;
        while (!await IsAcknowledgedAsync(memberId, position))
        {
            Assert.That(TimeProvider.System.GetElapsedTime(startedAt), Is.LessThan(MaxWait), "the member list is still incomplete");
            await Task.Delay(Lease / 8);
            position = (await HeartbeatAsync(memberId, position)).Position;
        }

        return position;
    }
}
