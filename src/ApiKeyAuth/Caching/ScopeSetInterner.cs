using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Caching;

/// <summary>Gives keys with the same scopes the same sets: a set of three takes 400 bytes, a third of a cached key, and most keys have few different ones.</summary>
internal sealed class ScopeSetInterner(ScopeCatalog catalog)
{
    private const int Capacity = 1_000;

    private readonly Dictionary<ScopeSet, (ScopeSet Granted, ScopeSet Expanded)> _entries = new(ScopeOrderComparer.Instance);

    /// <summary>Gives the granted scopes, in their order, and all they imply. One caller at a time.</summary>
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

    /// <summary>Equal sets may list their scopes in different orders, which a key shows as they were given.</summary>
    private sealed class ScopeOrderComparer : IEqualityComparer<ScopeSet>
    {
        public static readonly ScopeOrderComparer Instance = new();

        public bool Equals(ScopeSet? x, ScopeSet? y) => x!.SequenceEqual(y!, StringComparer.Ordinal);

        public int GetHashCode(ScopeSet scopes) => scopes.GetHashCode();
    }
}
