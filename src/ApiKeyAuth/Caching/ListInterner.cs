namespace ApiKeyAuth.Caching;

/// <summary>Gives keys with the same values of a kind one list of them: limits, networks and audiences of its own took 150 bytes of a key, and most keys have what others have.</summary>
internal sealed class ListInterner<T>
    where T : IEquatable<T>
{
    private const int Capacity = 1_000;

    private readonly Dictionary<IReadOnlyList<T>, IReadOnlyList<T>> _lists = new(SequenceComparer.Instance);

    /// <summary>Gives a list with the same items in the same order, which nobody can change. One caller at a time.</summary>
    public IReadOnlyList<T> Intern(IReadOnlyList<T> list)
    {
        if (list.Count == 0)
        {
            return [];
        }

        if (!_lists.TryGetValue(list, out var shared))
        {
            if (_lists.Count >= Capacity)
            {
                _lists.Clear();
            }

            // A copy: a store that goes on writing to its list must not write to those of other keys.
            shared = [.. list];
            _lists.Add(shared, shared);
        }

        return shared;
    }

    private sealed class SequenceComparer : IEqualityComparer<IReadOnlyList<T>>
    {
        public static readonly SequenceComparer Instance = new();

        public bool Equals(IReadOnlyList<T>? x, IReadOnlyList<T>? y) => x!.SequenceEqual(y!);

        public int GetHashCode(IReadOnlyList<T> list) => list.Aggregate(list.Count, HashCode.Combine);
    }
}
