namespace ApiKeyAuth.Stores;

/// <summary>The keys whose change other nodes are still to be told of.</summary>
internal sealed class UntoldChanges
{
    private readonly Lock _gate = new();
    private HashSet<string> _keys = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _keys.Count;
            }
        }
    }

    public void Add(string keyId)
    {
        lock (_gate)
        {
            _keys.Add(keyId);
        }
    }

    /// <summary>Takes them all; who takes them tells them, or adds them again.</summary>
    public IReadOnlyCollection<string> TakeAll()
    {
        lock (_gate)
        {
            var keys = _keys;
            _keys = new HashSet<string>(StringComparer.Ordinal);
            return keys;
        }
    }
}
