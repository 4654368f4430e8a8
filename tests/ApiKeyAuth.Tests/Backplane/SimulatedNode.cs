using System.Diagnostics.Metrics;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ApiKeyAuth.Tests.Backplane;

/// <summary>A node of a simulation: the real cache, lease, bus and writer in a process of its own.</summary>
internal sealed class SimulatedNode : IDisposable
{
    private static readonly ApiKeyMetrics Metrics = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
    private static readonly ApiKeyFormats Formats = new(new ApiKeyFormat());
    private static readonly ApiKeyHasher Hasher = new([]);
    private static readonly ApiKeyCacheOptions Times = new() { MaxKnownKeys = 10, MaxUnknownKeys = 10 };
    private readonly CacheLease _lease;
    private readonly SimulatedStore _store;
    private readonly BackplaneClient _line;
    private readonly BackplaneMember _node;
    private readonly CancellationTokenSource _stopping = new();

    public SimulatedNode(World world, BusServer server, InMemoryApiKeyStore primary, TimeSpan lease, Sabotage sabotage)
    {
        Process = world.NewProcess();
        (ToBus, ToStore) = (new Link(world, Process), new Link(world, Process));
        var (clock, options) = (Process.Clock, new ApiKeyBackplaneOptions { Lease = lease });
        _store = new SimulatedStore(primary, ToStore);
        _lease = sabotage == Sabotage.LeaseRunsFromTheAnswer ? new LateLease(lease, clock) : new CacheLease(lease, clock);
        Cache = new ApiKeyCache(
            new ApiKeyLoader(_store, Hasher, Times, clock, Metrics, NullLogger<ApiKeyLoader>.Instance, Process), ScopeCatalog.Empty, Times,
            sabotage == Sabotage.LeaseIsNotLookedAt ? new CacheLease() : _lease, clock, Metrics, NullLogger<ApiKeyCache>.Instance, Process);
        _line = new BackplaneClient(new SimulatedCarrier(server, ToBus), options, clock, Process);
        _node = new BackplaneMember(_line, Cache, _lease, options, clock, NullLogger<BackplaneMember>.Instance);
        var bus = new ApiKeyInvalidator(Cache, _line, options, clock, Metrics, NullLogger<ApiKeyInvalidator>.Instance);
        Writer = new KeyCommands(
            _store, bus, new AuditEntryFactory(Formats, clock), new ApiKeyManagementOptions(), Times, clock, NullLogger<KeyCommands>.Instance);
        _ = Process.Start(RunAsync);
    }

    public Process Process { get; }

    public Link ToBus { get; }

    public Link ToStore { get; }

    public ApiKeyCache Cache { get; }

    public KeyCommands Writer { get; }

    public bool IsInsideItsLease => _lease.IsHeld(Process.Clock.GetTimestamp());

    public bool HasToldAll => _line.PendingInvalidations.IsEmpty;

    public string Id => _line.MemberId;

    /// <summary>Reads a key as the manager does before a change.</summary>
    public async Task<ApiKey?> ReadAsync(string id) => (await Writer.TryCallStoreAsync(caller: null, token => _store.GetAsync(id, token), CancellationToken.None)).Value;

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
        await _node.SendHeartbeatAsync();
        _ = Process.Start(() => _line.ListenAsync(_stopping.Token));
        await _node.RunAsync(_stopping.Token);
    }

    private sealed class LateLease(TimeSpan lease, TimeProvider clock) : CacheLease(lease, clock)
    {
        private readonly TimeProvider _clock = clock;

        public override void Renew(long sentAt) => base.Renew(_clock.GetTimestamp());
    }
}
