namespace ApiKeyAuth.Caching;

/// <summary>Shares equal lists of rate limits, networks or audiences between keys.</summary>
/// <remarks>Separate lists took 150 bytes per key, and most keys have the same values as others.</remarks>
internal sealed class ListInterner<T>
    where T : IEquatable<T>
{
    private const int Capacity = 1_000;

    private readonly Dictionary<IReadOnlyList<T>, IReadOnlyList<T>> _lists = new(SequenceComparer.Instance);

    /// <summary>Gets a shared immutable list with the same items in the same order. Calls must not be concurrent.</summary>
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

            // Copied because the store may still change its list.
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
