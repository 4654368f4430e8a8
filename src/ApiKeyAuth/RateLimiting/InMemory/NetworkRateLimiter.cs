using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.RateLimiting.InMemory;

/// <summary>Limits failed authentications by network: an IPv4 address, or the /64 of an IPv6 address.</summary>
/// <remarks>
/// The number of networks is bounded. When the table is full and no state has expired, all new networks share one state. The state of a
/// known network is not evicted.
/// </remarks>
internal sealed class NetworkRateLimiter
{
    private readonly Lock _lock = new();
    private readonly LimiterClock _clock;
    private readonly LimitWindow _window;
    private readonly int _maxNetworks;
    private readonly Dictionary<Network, NetworkState> _networks = [];
    private NetworkState _unknown;
    private NetworkState _overflow;
    private long _nextSweep;

    public NetworkRateLimiter(TimeProvider timeProvider, RateLimit limit, int maxNetworks = 100_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNetworks, 1);
        _clock = new LimiterClock(timeProvider);
        _window = new LimitWindow(limit);
        _maxNetworks = maxNetworks;
        _unknown.Log = new SlidingWindowLog(_window.Seconds);
        _overflow.Log = new SlidingWindowLog(_window.Seconds);
    }

    public int NetworkCount
    {
        get
        {
            lock (_lock)
            {
                return _networks.Count;
            }
        }
    }

    /// <summary>Charges one failure to a network, unless its limit is exceeded. All failures without an address share one state.</summary>
    public RateLimitDecision RecordFailure(IPAddress? address) => RecordFailure(address, out _);

    /// <summary>Charges one failure to a network, unless its limit is exceeded. All failures without an address share one state.</summary>
    /// <param name="address">The address of the caller.</param>
    /// <param name="unreportedCount">
    /// The number of failures over the limit since the last report, including this one, if a report is due; otherwise, 0. A report is due
    /// at most once a minute per network.
    /// </param>
    public RateLimitDecision RecordFailure(IPAddress? address, out int unreportedCount)
    {
        unreportedCount = 0;
        var now = _clock.Now;
        lock (_lock)
        {
            ref var state = ref GetState(address, now);
            var decision = state.Log.Evaluate(_window, now, 1);
            if (decision.IsAdmitted)
            {
                state.Log.Charge(_window, now, 1);
            }
            else
            {
                unreportedCount = state.CountRejected(now);
            }

            return decision;
        }
    }

    private ref NetworkState GetState(IPAddress? address, ClockReading now)
    {
        if (address is null)
        {
            return ref _unknown;
        }

        var network = Network.FromAddress(address);
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_networks, network);
        if (!Unsafe.IsNullRef(ref known))
        {
            return ref known;
        }

        if (_networks.Count >= _maxNetworks && !TrySweep(now))
        {
            return ref _overflow;
        }

        ref var added = ref CollectionsMarshal.GetValueRefOrAddDefault(_networks, network, out _);
        added.Log = new SlidingWindowLog(_window.Seconds);
        return ref added;
    }

    // Not for every new network: a flood of them would search the whole table each time.
    private bool TrySweep(ClockReading now)
    {
        if (now.Floor < _nextSweep)
        {
            return false;
        }

        _nextSweep = now.Floor + _window.Limit.Window.Ticks / 16;
        foreach (var (network, state) in _networks)
        {
            if (state.IsExpired(now.Floor))
            {
                _networks.Remove(network);
            }
        }

        return _networks.Count < _maxNetworks;
    }

    private struct NetworkState
    {
        public SlidingWindowLog Log;

        private long _nextReport;
        private int _rejectedCount;

        public int CountRejected(ClockReading now)
        {
            _rejectedCount += _rejectedCount < int.MaxValue ? 1 : 0;
            if (now.Floor < _nextReport)
            {
                return 0;
            }

            _nextReport = now.Floor + TimeSpan.TicksPerMinute;
            var count = _rejectedCount;
            _rejectedCount = 0;
            return count;
        }

        public readonly bool IsExpired(long now) => Log.IsExpired(now) && now >= _nextReport;
    }

    private readonly record struct Network(ulong Bits, bool IsIPv6)
    {
        public static Network FromAddress(IPAddress address)
        {
            Span<byte> bytes = stackalloc byte[16];
            address.TryWriteBytes(bytes, out _);
            if (address.AddressFamily == AddressFamily.InterNetwork)
            {
                return new Network(BinaryPrimitives.ReadUInt32BigEndian(bytes), false);
            }

            return address.IsIPv4MappedToIPv6
                ? new Network(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]), false)
                : new Network(BinaryPrimitives.ReadUInt64BigEndian(bytes), true);
        }
    }
}
