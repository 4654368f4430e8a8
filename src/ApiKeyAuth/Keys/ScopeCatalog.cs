using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Keys.Scopes;

namespace ApiKeyAuth.Keys;

/// <summary>The scopes an app declares, what they imply, and the limits that come with them; an empty catalogue knows every scope.</summary>
public sealed class ScopeCatalog
{
    private readonly Dictionary<string, ScopeDefinition> _byName;
    private readonly ScopeDefinition[] _definitions;
    private readonly ScopeDefinition[] _implyingDefinitions;
    private readonly ScopeDefinition[] _limitingDefinitions;

    /// <summary>Makes a catalogue.</summary>
    /// <exception cref="ArgumentException">Definitions are wrong; the message names every fault, one a line.</exception>
    public ScopeCatalog(params IEnumerable<ScopeDefinition> definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        _definitions = [.. definitions];
        if (Validate(_definitions) is [_, ..] errors)
        {
            throw new ArgumentException(string.Join('\n', errors), nameof(definitions));
        }

        _byName = _definitions.ToDictionary(definition => definition.Name, StringComparer.Ordinal);
        _implyingDefinitions = Array.FindAll(_definitions, definition => definition.Implies.Count > 0);
        _limitingDefinitions = Array.FindAll(_definitions, definition => definition.RateLimits.Count > 0);
        DefaultScopes = ScopeSet.Create(_definitions.Where(definition => definition.GrantedByDefault).Select(definition => definition.Name));
    }

    /// <summary>The catalogue of an app that declares no scopes.</summary>
    public static ScopeCatalog Empty { get; } = new();

    /// <summary>Whether nothing is declared, so that every scope is known.</summary>
    public bool IsEmpty => _definitions.Length == 0;

    /// <summary>What is declared, in the order of declaration.</summary>
    public IReadOnlyList<ScopeDefinition> Definitions => _definitions;

    /// <summary>The scopes of a new key whose maker names none.</summary>
    public ScopeSet DefaultScopes { get; }

    /// <summary>Tells what is wrong with definitions, one message each, naming the scope and the mend; empty when nothing is.</summary>
    public static IReadOnlyList<string> Validate(IReadOnlyList<ScopeDefinition> definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        return [.. ScopeCatalogRules.FindErrors(definitions)];
    }

    /// <summary>Tells whether an endpoint may require a scope: the catalogue declares it, or is empty.</summary>
    public bool Contains(string scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return IsEmpty ? ScopeSet.IsScope(scope) : _byName.ContainsKey(scope);
    }

    /// <summary>Tells whether a key may hold a scope: as <see cref="Contains"/>, and <c>*</c>, and <c>resource:*</c> where the resource has a scope.</summary>
    public bool IsGrantable(string grant) => Contains(grant) || ScopeCatalogRules.IsKnownWildcard(grant, _byName.Keys);

    /// <summary>Adds what grants imply, and what that implies in turn; a wildcard implies what the scopes under it do.</summary>
    /// <returns>The same instance where nothing is added.</returns>
    public ScopeSet Expand(ScopeSet grants)
    {
        ArgumentNullException.ThrowIfNull(grants);
        var held = grants;
        while (FindMissingImplied(held) is [_, ..] missing)
        {
            held = ScopeSet.Create(held.Concat(missing));
        }

        return held;
    }

    /// <summary>Finds the limits of a key without its own: the largest among the scopes it is granted by name, empty where those have none.</summary>
    /// <param name="grants">The scopes as granted, not expanded: what is implied or under a wildcard brings no limit.</param>
    /// <remarks>
    /// The largest list lets most through in the long run: the one whose slowest window has the most permits a second; of equals, the one
    /// with more permits in its longest window.
    /// </remarks>
    public IReadOnlyList<RateLimit> DefaultRateLimits(ScopeSet grants)
    {
        ArgumentNullException.ThrowIfNull(grants);
        return _limitingDefinitions.Where(definition => grants.ContainsLiteral(definition.Name)).Select(definition => definition.RateLimits)
            .MaxBy(limits => limits, RateLimitListComparer.Instance) ?? [];
    }

    private List<string> FindMissingImplied(ScopeSet held)
    {
        var missing = new List<string>();
        foreach (var definition in _implyingDefinitions)
        {
            if (held.Contains(definition.Name))
            {
                missing.AddRange(definition.Implies.Where(implied => !held.Contains(implied)));
            }
        }

        return missing;
    }
}
