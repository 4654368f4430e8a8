using ApiKeyAuth.Authorization;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Caching;

namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Nodes under load that are cut off, stopped, killed and restarted while keys change; it tells where an answered change did not bind a later request.</summary>
internal sealed class BusSimulation
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Trouble = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(8);
    private static readonly string[] Secrets = ["s0", "s1"];

    private readonly World _world;
    private readonly BusServer _server;
    private readonly InMemoryApiKeyStore _primary = new();
    private readonly List<SimulatedNode> _nodes = [];
    private readonly long[] _bound = new long[Secrets.Length];
    private readonly Sabotage _sabotage;
    private readonly BusFaults _faults;
    private int _changing;

    public BusSimulation(int seed, Sabotage sabotage = Sabotage.None)
    {
        _world = new World(seed);
        _sabotage = sabotage;
        _server = new BusServer(() => _world.Now / TimeSpan.TicksPerMillisecond) { Sabotage = sabotage };
        _faults = new BusFaults(_world, _server, _nodes, AddNode);
    }

    /// <summary>What was admitted that should not have been, or did not end.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>How many changes were answered with success.</summary>
    public int Changes { get; private set; }

    /// <summary>How many requests were answered.</summary>
    public int Requests { get; private set; }

    /// <summary>How many requests were answered by what was remembered, without a question to the store.</summary>
    public int Warm { get; private set; }

    public BusSimulation Run()
    {
        for (var index = 0; index < Secrets.Length; index++)
        {
            Wait(_primary.AddAsync(CacheRig.Key($"k{index}", Secrets[index]), [], Entry, CancellationToken.None));
        }

        var count = _world.Chance.Next(2, 5);
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

    private static ApiKeyAuditEntry Entry => new() { Id = Guid.Empty, At = default, Action = "test", KeyId = "k", Actor = "test", Changes = "{}" };

    private static void Wait(ValueTask<ApiKeyAddResult> added) => Assert.That(added.IsCompletedSuccessfully);

    private SimulatedNode AddNode()
    {
        var node = new SimulatedNode(_world, _server, _primary, Lease, _sabotage);
        node.ToBus.StoppedUntil = () => _faults.ServerStoppedUntil;
        _nodes.Add(node);
        _world.After(_world.Between(1, 150), () => RequestNow(node));
        return node;
    }

    private void RequestNow(SimulatedNode node)
    {
        if (!node.Process.IsDead && _world.Now < Trouble.Ticks)
        {
            Request(node, _world.Chance.Next(Secrets.Length));
            _world.After(_world.Between(1, 300), () => RequestNow(node));
        }
    }

    /// <summary>Sends a request now; what it may not be admitted by is what was bound before.</summary>
    private void Request(SimulatedNode node, int index)
    {
        var (bound, order) = (_bound[index], _world.Order);
        _ = node.Process.Start(async () =>
        {
            var asked = CacheRig.FindAsync(node.Cache, node.Process.Clock, Secrets[index]);
            Warm += asked.IsCompleted ? 1 : 0;
            var lookup = await asked;
            Requests++;
            if (lookup.Key?.Key is { RevokedAt: null, Enabled: true } key && key.Version < bound)
            {
                Violations.Add($"request {order} of k{index} was admitted by version {key.Version}, though {bound} was answered before");
            }
        });
    }

    private void ChangeNow()
    {
        if (_world.Now >= Trouble.Ticks)
        {
            return;
        }

        var node = _nodes[_world.Chance.Next(_nodes.Count)];
        _changing++;
        var change = node.Process.Start(() => ChangeAsync(node, _world.Chance.Next(Secrets.Length)));
        change.ContinueWith(_ => _changing--, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, node.Process);
        if (_world.Happens(0.1))
        {
            // Most likely between the store and the bus.
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
        var after = isOn ? before with { Enabled = true } : before with { Enabled = before.Enabled && _world.Happens(0.7), Name = $"{_world.Order}" };
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
        var living = _nodes.Where(node => !node.Process.IsDead).ToList();
        Violations.AddRange(living.Where(node => !node.IsInsideItsLease).Select(node => $"node {_nodes.IndexOf(node)} does not get its lease back"));
        Violations.AddRange(living.Where(node => !node.HasToldAll).Select(node => $"node {_nodes.IndexOf(node)} has not told all changes"));
        if (!_server.Nodes.Order().SequenceEqual(living.Select(node => node.Id).Order()))
        {
            Violations.Add($"{_server.Nodes.Count} nodes are listed, and {living.Count} live");
        }
    }
}
