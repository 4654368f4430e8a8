using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Caching;

/// <summary>Shares equal sets of scopes between keys.</summary>
/// <remarks>A set of three scopes takes 400 bytes, a third of a cached key, and there are few different sets.</remarks>
internal sealed class ScopeSetInterner(ScopeCatalog catalog)
{
    private const int Capacity = 1_000;

    private readonly Dictionary<ScopeSet, (ScopeSet Granted, ScopeSet Expanded)> _entries = new(ScopeOrderComparer.Instance);

    /// <summary>Gets the granted scopes, in their order, and the scopes that they imply. Calls must not be concurrent.</summary>
    public (ScopeSet Granted, ScopeSet Expanded) Intern(ScopeSet granted)
    {
        if (!_entries.TryGetValue(granted, out var shared))
        {
            if (_entries.Count >= Capacity)
            {
                _entries.Clear();
            }

            shared = (granted, catalog.Expand(granted));
            _entries.Add(granted, shared);
        }

        return shared;
    }

    /// <summary>Compares sets including the order of their scopes, which is shown as it was given.</summary>
    private sealed class ScopeOrderComparer : IEqualityComparer<ScopeSet>
    {
        public static readonly ScopeOrderComparer Instance = new();

        public bool Equals(ScopeSet? x, ScopeSet? y) => x!.SequenceEqual(y!, StringComparer.Ordinal);

        public int GetHashCode(ScopeSet scopes) => scopes.GetHashCode();
    }
}
