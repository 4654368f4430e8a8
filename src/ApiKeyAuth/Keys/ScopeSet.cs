using System.Collections;
using ApiKeyAuth.Keys.Scopes;

namespace ApiKeyAuth.Keys;

/// <summary>Scopes that a key holds: <c>resource:action</c> or bare words, <c>resource:*</c> for all of a resource, <c>*</c> for all.</summary>
/// <remarks>Immutable and compared ordinally; two sets are equal when they hold the same scopes, in whatever order.</remarks>
public sealed class ScopeSet : IReadOnlyCollection<string>, IEquatable<ScopeSet>
{
    private readonly string[] _scopes;
    private readonly bool _holdsAll;

    // Not frozen sets: those answer 3 ns sooner, but take nine times as long to make and several times the memory, for each cached key.
    private readonly HashSet<string> _literals;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? _wholeResources;

    private ScopeSet(string[] scopes)
    {
        _scopes = scopes;
        _literals = new HashSet<string>(scopes, StringComparer.Ordinal);
        _holdsAll = _literals.Contains("*");
        var wholeResources = Array.FindAll(scopes, scope => scope.EndsWith(":*", StringComparison.Ordinal));
        if (wholeResources.Length > 0)
        {
            _wholeResources = wholeResources.Select(scope => scope[..^2]).ToHashSet(StringComparer.Ordinal)
                .GetAlternateLookup<ReadOnlySpan<char>>();
        }
    }

    /// <summary>No scope.</summary>
    public static ScopeSet Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _scopes.Length;

    /// <summary>Makes a set, in the order of first appearance.</summary>
    /// <exception cref="FormatException">A text is no scope; the message names it and the rule.</exception>
    public static ScopeSet Create(IEnumerable<string> scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        string[] distinct = [.. scopes.Distinct(StringComparer.Ordinal)];
        foreach (var scope in distinct)
        {
            if (ScopeRules.FindProblem(scope) is { } fault)
            {
                throw new FormatException($"{ScopeRules.Quote(scope)} is no scope: {fault}.");
            }
        }

        return distinct.Length == 0 ? Empty : new ScopeSet(distinct);
    }

    /// <summary>Tells whether a text is a scope: 1 to 128 characters of RFC 6749 §3.3, at most one colon, <c>*</c> only as all of it or of its action.</summary>
    public static bool IsScope(string? text) => ScopeRules.FindProblem(text) is null;

    /// <summary>Tells whether the scopes grant one that is required; a wildcard in what is required stands for itself.</summary>
    public bool Contains(string required)
    {
        ArgumentNullException.ThrowIfNull(required);
        return _holdsAll || _literals.Contains(required) || (_wholeResources is { } resources && CoversResource(resources, required));
    }

    /// <summary>Tells whether a scope is in the set by its own name.</summary>
    public bool ContainsLiteral(string scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return _literals.Contains(scope);
    }

    /// <summary>Tells whether the scopes grant all that are required; they do where none is.</summary>
    public bool ContainsAll(IReadOnlyList<string> required)
    {
        ArgumentNullException.ThrowIfNull(required);
        for (var index = 0; index < required.Count; index++)
        {
            if (!Contains(required[index]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Tells whether the scopes grant at least one that is required; they do not where none is.</summary>
    public bool ContainsAny(IReadOnlyList<string> required)
    {
        ArgumentNullException.ThrowIfNull(required);
        for (var index = 0; index < required.Count; index++)
        {
            if (Contains(required[index]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether the scopes grant everything that others grant, so that their holder may pass those on.</summary>
    public bool Covers(ScopeSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ContainsAll(other._scopes);
    }

    /// <summary>Makes the set that grants exactly what both grant; a wildcard of one leaves what the other holds under it.</summary>
    public ScopeSet Intersect(ScopeSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Create(_scopes.Where(other.Contains).Concat(other._scopes.Where(Contains)));
    }

    /// <inheritdoc/>
    public bool Equals(ScopeSet? other) => other is not null && Count == other.Count && _scopes.All(other._literals.Contains);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ScopeSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _scopes.Aggregate(0, (hash, scope) => hash ^ StringComparer.Ordinal.GetHashCode(scope));

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_scopes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Lists the scopes with spaces between them, as OAuth 2.0 does (RFC 6749 §3.3).</summary>
    public override string ToString() => string.Join(' ', _scopes);

    private static bool CoversResource(HashSet<string>.AlternateLookup<ReadOnlySpan<char>> resources, string required)
    {
        var colon = required.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && resources.Contains(required.AsSpan(0, colon)) && ScopeRules.IsPart(required.AsSpan(colon + 1));
    }
}
