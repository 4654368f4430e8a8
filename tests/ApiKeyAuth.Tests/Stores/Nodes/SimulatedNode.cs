using System.Diagnostics.Metrics;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ApiKeyAuth.Tests.Stores.Nodes;

/// <summary>A node of a simulation: the real cache, lease, bus and writer in a process of its own.</summary>
internal sealed class SimulatedNode : IDisposable
{
    private static readonly ApiKeyMetrics Metrics = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
    private static readonly ApiKeyFormats Formats = new(new ApiKeyFormat());
    private static readonly ApiKeyHasher Hasher = new([]);
    private static readonly ApiKeyCacheOptions Times = new() { MaxKnownKeys = 10, MaxUnknownKeys = 10 };
    private readonly NodeLease _lease;
    private readonly SimulatedStore _store;
    private readonly BusLine _line;
    private readonly Node _node;
    private readonly CancellationTokenSource _stopping = new();

    public SimulatedNode(World world, BusServer server, InMemoryApiKeyStore primary, TimeSpan lease, Sabotage sabotage)
    {
        Process = world.NewProcess();
        (ToBus, ToStore) = (new Link(world, Process), new Link(world, Process));
        var (clock, options) = (Process.Clock, new ApiKeyNodeOptions { Lease = lease });
        _store = new SimulatedStore(primary, ToStore);
        _lease = sabotage == Sabotage.LeaseRunsFromTheAnswer ? new LateLease(lease, clock) : new NodeLease(lease, clock);
        Cache = new ApiKeyCache(
            new ApiKeyLoader(_store, Hasher, Times, clock, Metrics, NullLogger<ApiKeyLoader>.Instance, Process), ScopeCatalogue.Empty, Times,
            sabotage == Sabotage.LeaseIsNotLookedAt ? new NodeLease() : _lease, clock, Metrics, NullLogger<ApiKeyCache>.Instance, Process);
        _line = new BusLine(new SimulatedCarrier(server, ToBus), options, clock, Process);
        _node = new Node(_line, Cache, _lease, options, clock, NullLogger<Node>.Instance);
        var bus = new ApiKeyBus(Cache, _line, options, clock, Metrics, NullLogger<ApiKeyBus>.Instance);
        Writer = new KeyWriter(
            _store, bus, new AuditTrail(Formats, clock), new ApiKeyManagementOptions(), Times, clock, NullLogger<KeyWriter>.Instance);
        _ = Process.Start(RunAsync);
    }

    public Process Process { get; }

    public Link ToBus { get; }

    public Link ToStore { get; }

    public ApiKeyCache Cache { get; }

    public KeyWriter Writer { get; }

    public bool IsInsideItsLease => _lease.IsHeld(Process.Clock.GetTimestamp());

    public bool HasToldAll => _line.Untold.IsEmpty;

    public string Id => _line.NodeId;

    /// <summary>Reads a key as the manager does before a change.</summary>
    public async Task<ApiKey?> ReadAsync(string id) => (await Writer.TryAsync(caller: null, token => _store.GetAsync(id, token), CancellationToken.None)).Value;

    /// <summary>Leaves as a process does that is stopped in good order.</summary>
    public async Task LeaveAsync()
    {
        _stopping.Cancel();
        await _node.LeaveAsync();
        Process.Kill();
    }

    public void Dispose()
    {
        Cache.Dispose();
        _store.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        await _node.BeatAsync();
        _ = Process.Start(() => _line.ListenAsync(_stopping.Token));
        await _node.RunAsync(_stopping.Token);
    }

    private sealed class LateLease(TimeSpan lease, TimeProvider clock) : NodeLease(lease, clock)
    {
        private readonly TimeProvider _clock = clock;

        public override void Renew(long sentAt) => base.Renew(_clock.GetTimestamp());
    }
}
