using System.Diagnostics.Metrics;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Backplane.Membership;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.InMemory;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Represents a node of a simulation, with the real cache, lease, backplane client and commands in its own process.</summary>
internal sealed class SimulatedNode : IDisposable
{
    private static readonly ApiKeyMetrics Metrics = new(
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
    private static readonly ApiKeyFormats Formats = new(new ApiKeyFormat());
    private static readonly ApiKeyHasher Hasher = new([]);
    private static readonly ApiKeyCacheOptions CacheOptions = new() { MaxKnownKeys = 10, MaxUnknownKeys = 10 };
    private readonly CacheLease _lease;
    private readonly SimulatedStore _store;
    private readonly BackplaneClient _client;
    private readonly BackplaneMember _member;
    private readonly CancellationTokenSource _stopping = new();

    public SimulatedNode(
        SimulatedWorld world, InMemoryBackplaneServer server, InMemoryApiKeyStore primary, TimeSpan lease, InjectedBug bug)
    {
        Process = world.NewProcess();
        (ToBackplane, ToStore) = (new NetworkLink(world, Process), new NetworkLink(world, Process));
        var (clock, options) = (Process.Clock, new ApiKeyBackplaneOptions { Lease = lease });
        _store = new SimulatedStore(primary, ToStore);
        _lease = bug == InjectedBug.LeaseStartsWithTheResponse ? new LateLease(lease, clock) : new CacheLease(lease, clock);
        Cache = new ApiKeyCache(
            new ApiKeyLoader(_store, Hasher, CacheOptions, clock, Metrics, NullLogger<ApiKeyLoader>.Instance, Process),
            ScopeCatalog.Empty,
            CacheOptions,
            bug == InjectedBug.LeaseIsIgnored ? new CacheLease() : _lease, clock, Metrics, NullLogger<ApiKeyCache>.Instance, Process);
        _client = new BackplaneClient(new SimulatedBackplane(server, ToBackplane), options, clock, Process);
        _member = new BackplaneMember(
            _client,
            Cache,
            _lease,
            options,
            new MemberCountRecorder(null, new(), clock, NullLogger<MemberCountRecorder>.Instance),
            clock,
            NullLogger<BackplaneMember>.Instance);
        var invalidator = new ApiKeyInvalidator(Cache, _client, options, clock, Metrics, NullLogger<ApiKeyInvalidator>.Instance);
        Writer = new KeyCommands(
            _store,
            invalidator,
            new AuditEntryFactory(Formats, clock),
            new ApiKeyManagementOptions(),
            CacheOptions,
            clock,
            NullLogger<KeyCommands>.Instance);
        _ = Process.Start(RunAsync);
    }

    public SimulatedProcess Process { get; }

    public NetworkLink ToBackplane { get; }

    public NetworkLink ToStore { get; }

    public ApiKeyCache Cache { get; }

    public KeyCommands Writer { get; }

    public bool HoldsItsLease => _lease.IsHeld(Process.Clock.GetTimestamp());

    public bool HasPublishedAll => _client.PendingInvalidations.IsEmpty;

    public string Id => _client.MemberId;

    /// <summary>Reads a key as the manager does before a change.</summary>
    public async Task<ApiKey?> ReadAsync(string id) =>
        (await Writer.TryCallStoreAsync(caller: null, token => _store.GetAsync(id, token), CancellationToken.None)).Value;

    /// <summary>Stops the process gracefully.</summary>
    public async Task LeaveAsync()
    {
        _stopping.Cancel();
        await _member.LeaveAsync();
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
        await _member.SendHeartbeatAsync();
        _ = Process.Start(() => _client.ListenAsync(_stopping.Token));
        await _member.RunAsync(_stopping.Token);
    }

    private sealed class LateLease(TimeSpan lease, TimeProvider clock) : CacheLease(lease, clock)
    {
        private readonly TimeProvider _clock = clock;

        public override void Renew(long sentAt) => base.Renew(_clock.GetTimestamp());
    }
}
