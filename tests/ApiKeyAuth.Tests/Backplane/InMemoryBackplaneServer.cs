using ApiKeyAuth.Backplane;

namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Represents the server of a backplane in memory. It is the reference for the real ones.</summary>
internal sealed class InMemoryBackplaneServer(Func<long> now)
{
    private const int MaxChanges = 8;

    private State? _state;

    /// <summary>Occurs when nodes are notified.</summary>
    public event Action<ApiKeyBackplaneNotification>? Notified;

    /// <summary>Gets or sets the error of the server's clock, in milliseconds.</summary>
    public long Skew { get; set; }

    public InjectedBug Bug { get; init; }

    /// <summary>Gets or sets the number of the server's starts.</summary>
    public int Boot { get; set; }

    public IReadOnlyCollection<string> Nodes => _state?.Nodes.Keys.ToList() ?? [];

    /// <summary>Copies the state, for a failover to a replica that lags behind.</summary>
    public State? Copy() => _state?.Copy();

    public void Restore(State? copy)
    {
        Boot++;
        _state = copy?.Copy();
    }

    public HeartbeatResult Heartbeat(string nodeId, TimeSpan lease, string position)
    {
        var state = Open(lease);
        var (number, mark) = Parse(position);
        var isKnown = state.Changes.TryGetValue(number, out var change) && change.Mark == mark;
        var before = state.Nodes.TryGetValue(nodeId, out var listed) ? listed.Acknowledged : -1;
        state.Nodes[nodeId] = (isKnown ? number : 0, state.Clock, (long)lease.TotalMilliseconds);
        state.RemoveExpired();
        if (isKnown && before < number && number == state.Generation && state.Nodes.Values.All(node => node.Acknowledged >= number))
        {
            Notified?.Invoke(ApiKeyBackplaneNotification.Acknowledgment);
        }

        return new HeartbeatResult
        {
            Position = state.Position,
            ChangedKeyIds = isKnown ? [.. state.Changes.Where(each => each.Key > number).Select(each => each.Value.KeyId)] : null,
            MemberCount = state.Nodes.Count,
        };
    }

    public PublishResult Publish(string nodeId, TimeSpan lease, string keyId)
    {
        var state = Open(lease);
        state.Generation++;
        state.Changes[state.Generation] = (Guid.NewGuid().ToString("N"), keyId);
        state.Changes.Remove(state.Generation - MaxChanges);
        state.RemoveExpired();
        Notified?.Invoke(ApiKeyBackplaneNotification.Invalidation);
        var longest = state.Nodes.Values.Select(node => node.Lease).Append((long)lease.TotalMilliseconds).Max();
        var isAlone = !state.Nodes.Keys.Any(id => id != nodeId);
        return new PublishResult
        {
            Position = state.Position,
            IsOnlyMember = isAlone,
            IsAcknowledged = IsListComplete(state, longest) && isAlone,
            LongestLease = TimeSpan.FromMilliseconds(longest),
        };
    }

    public bool IsAcknowledged(string nodeId, TimeSpan lease, string position)
    {
        var (number, mark) = Parse(position);
        return _state is { } state && state.Boot == Boot
            && state.Changes.TryGetValue(number, out var change) && change.Mark == mark
            && IsListComplete(state, state.Nodes.Values.Select(node => node.Lease).Append((long)lease.TotalMilliseconds).Max())
            && state.Nodes.All(node => node.Key == nodeId || node.Value.Acknowledged >= number);
    }

    public void Leave(string nodeId) => _state?.Nodes.Remove(nodeId);

    private State Open(TimeSpan lease)
    {
        var time = now() + Skew;
        if (_state is null || _state.Boot != Boot)
        {
            // A replica that took over may lack an acknowledged change, so positions of another server are not accepted.
            _state = new State { Last = time, Boot = Boot, Generation = 1 };
            _state.Changes[1] = (Guid.NewGuid().ToString("N"), "");
        }

        var maxStep = Bug == InjectedBug.ClockJumpsCount ? long.MaxValue : (long)lease.TotalMilliseconds / 2;
        _state.Clock += Math.Min(Math.Max(time - _state.Last, 0), maxStep);
        _state.Last = time;
        return _state;
    }

    private bool IsListComplete(State state, long lease) =>
        Bug == InjectedBug.MemberListIsTrusted || state.Clock >= lease + (lease / 2);

    private static (long Number, string Mark) Parse(string position) =>
        position.Split(':') is [var number, var mark] ? (long.Parse(number, null), mark) : (0, "");

    internal sealed class State
    {
        public SortedDictionary<long, (string Mark, string KeyId)> Changes { get; private init; } = [];

        public Dictionary<string, (long Acknowledged, long Seen, long Lease)> Nodes { get; private init; } = [];

        public long Generation { get; set; }

        public long Clock { get; set; }

        public long Last { get; set; }

        public int Boot { get; set; }

        public string Position => $"{Generation}:{Changes[Generation].Mark}";

        public void RemoveExpired()
        {
            foreach (var (id, _) in Nodes.Where(node => Clock - node.Value.Seen >= node.Value.Lease + (node.Value.Lease / 2)).ToList())
            {
                Nodes.Remove(id);
            }
        }

        public State Copy() => new()
        {
            Changes = new SortedDictionary<long, (string, string)>(Changes),
            Nodes = new Dictionary<string, (long, long, long)>(Nodes),
            Generation = Generation,
            Clock = Clock,
            Last = Last,
            Boot = Boot,
        };
    }
}
