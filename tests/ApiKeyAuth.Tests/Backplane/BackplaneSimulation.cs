using ApiKeyAuth.Authorization;
using ApiKeyAuth.InMemory;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Caching;

namespace ApiKeyAuth.Tests.Backplane;

/// <summary>
/// Simulates nodes under load that are disconnected, suspended, killed and restarted while keys change, and records requests that were
/// admitted after the acknowledged change of a key.
/// </summary>
internal sealed class BackplaneSimulation
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Trouble = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(8);
    private static readonly string[] Secrets = ["s0", "s1"];

    private readonly SimulatedWorld _world;
    private readonly InMemoryBackplaneServer _server;
    private readonly InMemoryApiKeyStore _primary = new();
    private readonly List<SimulatedNode> _nodes = [];
    private readonly long[] _bound = new long[Secrets.Length];
    private readonly InjectedBug _bug;
    private readonly SimulatedFaults _faults;
    private int _changing;

    public BackplaneSimulation(int seed, InjectedBug bug = InjectedBug.None)
    {
        _world = new SimulatedWorld(seed);
        _bug = bug;
        _server = new InMemoryBackplaneServer(() => _world.Now / TimeSpan.TicksPerMillisecond) { Bug = bug };
        _faults = new SimulatedFaults(_world, _server, _nodes, AddNode);
    }

    /// <summary>Gets the requests that should have been rejected, and states that did not recover.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Gets the number of acknowledged changes.</summary>
    public int Changes { get; private set; }

    /// <summary>Gets the number of completed requests.</summary>
    public int Requests { get; private set; }

    /// <summary>Gets the number of requests that were served from the cache.</summary>
    public int Warm { get; private set; }

    public BackplaneSimulation Run()
    {
        for (var index = 0; index < Secrets.Length; index++)
        {
            var key = CacheRig.Key($"k{index}", Secrets[index]);
            Wait(_primary.AddAsync(key, [], AuditEntries.Create(key.Id), CancellationToken.None));
        }

        var count = _world.Random.Next(2, 5);
        for (var index = 0; index < count; index++)
        {
            AddNode();
        }

        _world.After(_world.Between(100, 900), ChangeNow);
        _faults.Begin();
        _world.RunUntil(Trouble);
        _faults.End();
        _world.RunUntil(Trouble + Calm);
        CheckCalm();
        _nodes.ForEach(node => node.Dispose());
        return this;
    }

    private static void Wait(ValueTask<ApiKeyAddResult> added) => Assert.That(added.IsCompletedSuccessfully);

    private SimulatedNode AddNode()
    {
        var node = new SimulatedNode(_world, _server, _primary, Lease, _bug);
        node.ToBackplane.StoppedUntil = () => _faults.ServerStoppedUntil;
        _nodes.Add(node);
        _world.After(_world.Between(1, 150), () => RequestNow(node));
        return node;
    }

    private void RequestNow(SimulatedNode node)
    {
        if (!node.Process.IsDead && _world.Now < Trouble.Ticks)
        {
            Request(node, _world.Random.Next(Secrets.Length));
            _world.After(_world.Between(1, 300), () => RequestNow(node));
        }
    }

    /// <summary>Sends a request now. It must not be admitted by a version older than one that was acknowledged before.</summary>
    private void Request(SimulatedNode node, int index)
    {
        var (bound, order) = (_bound[index], _world.Order);
        _ = node.Process.Start(async () =>
        {
            var pending = CacheRig.FindAsync(node.Cache, node.Process.Clock, Secrets[index]);
            Warm += pending.IsCompleted ? 1 : 0;
            var lookup = await pending;
            Requests++;
            if (lookup.Key?.Key is { RevokedAt: null, Enabled: true } key && key.Version < bound)
            {
                Violations.Add(
                    $"request {order} of k{index} was admitted by version {key.Version}, though {bound} was acknowledged before");
            }
        });
    }

    private void ChangeNow()
    {
        if (_world.Now >= Trouble.Ticks)
        {
            return;
        }

        var node = _nodes[_world.Random.Next(_nodes.Count)];
        _changing++;
        var change = node.Process.Start(() => ChangeAsync(node, _world.Random.Next(Secrets.Length)));
        change.ContinueWith(_ => _changing--, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, node.Process);
        if (_world.Happens(0.1))
        {
            // Probably between the commit and the publication.
            _world.After(_world.Between(1, 12), () => _faults.Kill(node));
        }

        _world.After(_world.Between(1, 900), ChangeNow);
    }

    private async Task ChangeAsync(SimulatedNode node, int index)
    {
        var before = await node.ReadAsync($"k{index}");
        if (before is null)
        {
            return;
        }

        var isOn = !before.Enabled && _world.Happens(0.5);
        var after = isOn
            ? before with { Enabled = true }
            : before with { Enabled = before.Enabled && _world.Happens(0.7), Name = $"{_world.Order}" };
        var written = await node.Writer.UpdateAsync(ApiKeyCaller.System, "test", before, after, false, CancellationToken.None);
        if (!written.Succeeded)
        {
            return;
        }

        Changes++;
        if (!isOn)
        {
            _bound[index] = Math.Max(_bound[index], written.Value.Version);
            foreach (var each in _nodes.Where(each => !each.Process.IsDead))
            {
                Request(each, index);
            }
        }
    }

    private void CheckCalm()
    {
        var alive = _nodes.Where(node => !node.Process.IsDead).ToList();
        Violations.AddRange(alive.Where(node => !node.HoldsItsLease)
            .Select(node => $"node {_nodes.IndexOf(node)} does not regain its lease"));
        Violations.AddRange(alive.Where(node => !node.HasPublishedAll)
            .Select(node => $"node {_nodes.IndexOf(node)} has not published all changes"));
        if (!_server.Nodes.Order().SequenceEqual(alive.Select(node => node.Id).Order()))
        {
            Violations.Add($"{_server.Nodes.Count} nodes are listed, but {alive.Count} are alive");
        }
    }
}
