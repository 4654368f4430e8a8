namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Injects random faults into a simulation. Several can overlap.</summary>
internal sealed class SimulatedFaults(
    SimulatedWorld world, InMemoryBackplaneServer server, List<SimulatedNode> nodes, Func<SimulatedNode> addNode)
{
    private bool _isOver;
    private InMemoryBackplaneServer.State? _copy;
    private long _jumpsFrom;

    /// <summary>Gets the true time until which the server of the backplane is suspended.</summary>
    public long ServerStoppedUntil { get; private set; }

    public void Begin() => world.After(world.Between(50, 2_000), Strike);

    /// <summary>Ends all faults.</summary>
    public void End()
    {
        _isOver = true;
        world.IsTroubled = false;
        ServerStoppedUntil = 0;
        foreach (var node in nodes)
        {
            Heal(node.ToBackplane);
            Heal(node.ToStore);
        }
    }

    /// <summary>Kills a node. Another one starts soon.</summary>
    public void Kill(SimulatedNode node)
    {
        node.Process.Kill();
        world.After(world.Between(1, 1_500), () => addNode());
    }

    private void Strike()
    {
        if (_isOver)
        {
            return;
        }

        var alive = nodes.Where(node => !node.Process.IsDead).ToList();
        var node = alive.Count == 0 ? null : alive[world.Random.Next(alive.Count)];
        switch (world.Random.Next(12))
        {
            case 0 or 1 or 2 when node is not null:
                Cut(node.ToBackplane);
                break;
            case 3 when node is not null:
                Cut(node.ToStore);
                break;
            case 4 or 5 when node is not null:
                node.Process.StopFor(world.Between(10, 4_000));
                break;
            case 6 when node is not null:
                Kill(node);
                break;
            case 7 when node is not null:
                _ = node.Process.Start(node.LeaveAsync);
                world.After(world.Between(1, 500), () => addNode());
                break;
            case 8:
                ServerStoppedUntil = world.Now + world.Between(10, 3_000).Ticks;
                break;
            case 9 when world.Now >= _jumpsFrom:
                // The server was flushed, restarted empty, or replaced by a replica that lags behind.
                _jumpsFrom = world.Now + TimeSpan.FromSeconds(2).Ticks;
                server.Restore(world.Happens(0.5) ? null : _copy);
                break;
            case 9 or 10:
                _copy = server.Copy();
                break;
            case 11 when world.Now < _jumpsFrom:
                break;
            default:
                // Only one per two leases: a jump counts as half a lease, and a node is removed after one and a half.
                _jumpsFrom = world.Now + TimeSpan.FromSeconds(2).Ticks;
                server.Skew += (long)world.Between(-60_000, 60_000).TotalMilliseconds;
                break;
        }

        world.After(world.Between(20, 1_200), Strike);
    }

    private void Cut(NetworkLink link)
    {
        (link.LosesRequests, link.LosesResponses, link.RefusesConnections) = world.Random.Next(4) switch
        {
            0 => (true, true, false),
            1 => (true, false, false),
            2 => (false, true, false),
            _ => (false, false, true),
        };
        world.After(world.Between(50, 3_500), () => Heal(link));
    }

    private static void Heal(NetworkLink link) =>
        (link.LosesRequests, link.LosesResponses, link.RefusesConnections) = (false, false, false);
}
