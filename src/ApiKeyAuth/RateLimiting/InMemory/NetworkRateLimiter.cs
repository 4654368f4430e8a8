using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Limits failed authentications by the network they come from: an IPv4 address, or the /64 of an IPv6 one.</summary>
/// <remarks>
/// Bounded: when as many networks are known as may be, and none is equal to fresh, all newcomers share one state. A known
/// network is never forgiven to make room.
/// </remarks>
internal sealed class NetworkRateLimiter
{
    private readonly Lock _lock = new();
    private readonly LimiterClock _clock;
    private readonly LimitWindow _window;
    private readonly int _mostNetworks;
    private readonly Dictionary<Network, SlidingWindowLog> _networks = [];
    private SlidingWindowLog _unknown;
    private SlidingWindowLog _overflow;
    private long _nextSweep;

    public NetworkRateLimiter(TimeProvider timeProvider, RateLimit limit, int mostNetworks = 100_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostNetworks, 1);
        _clock = new LimiterClock(timeProvider);
        _window = new LimitWindow(limit);
        _mostNetworks = mostNetworks;
        _unknown = new SlidingWindowLog(_window.Seconds);
        _overflow = new SlidingWindowLog(_window.Seconds);
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

    /// <summary>Charges one failure to a network; where it is refused, nothing. All failures without an address share one state.</summary>
    public RateLimitDecision Charge(IPAddress? address)
    {
        var now = _clock.Now;
        lock (_lock)
        {
            ref var log = ref Find(address, now);
            var decision = log.Ask(_window, now, 1);
            if (decision.IsAdmitted)
            {
                log.Charge(_window, now, 1);
            }

            return decision;
        }
    }

    private ref SlidingWindowLog Find(IPAddress? address, Moment now)
    {
        if (address is null)
        {
            return ref _unknown;
        }

        var network = Network.Of(address);
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_networks, network);
        if (!Unsafe.IsNullRef(ref known))
        {
            return ref known;
        }

        if (_networks.Count >= _mostNetworks && !TrySweep(now))
        {
            return ref _overflow;
        }

        ref var added = ref CollectionsMarshal.GetValueRefOrAddDefault(_networks, network, out _);
        added = new SlidingWindowLog(_window.Seconds);
        return ref added;
    }

    // Not for every newcomer, or a flood of them would have the whole table walked each time.
    private bool TrySweep(Moment now)
    {
        if (now.Floor < _nextSweep)
        {
            return false;
        }

        _nextSweep = now.Floor + _window.Limit.Window.Ticks / 16;
        foreach (var (network, log) in _networks)
        {
            if (log.IsFresh(now.Floor))
            {
                _networks.Remove(network);
            }
        }

        return _networks.Count < _mostNetworks;
    }

    private readonly record struct Network(ulong Bits, bool IsIPv6)
    {
        public static Network Of(IPAddress address)
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
