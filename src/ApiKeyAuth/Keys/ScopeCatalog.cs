using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Keys.Scopes;

namespace ApiKeyAuth.Keys;

/// <summary>Represents the scopes that an app declares, the scopes they imply, and their default rate limits.</summary>
/// <remarks>An empty catalog accepts every scope.</remarks>
public sealed class ScopeCatalog
{
    private readonly Dictionary<string, ScopeDefinition> _byName;
    private readonly ScopeDefinition[] _definitions;
    private readonly ScopeDefinition[] _implyingDefinitions;
    private readonly ScopeDefinition[] _limitingDefinitions;

    /// <summary>Initializes a catalog.</summary>
    /// <param name="definitions">The scopes that the app declares.</param>
    /// <exception cref="ArgumentException">Definitions are invalid. The message has one line for each error.</exception>
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
        DefaultScopes = ScopeSet.Create(
            _definitions.Where(definition => definition.GrantedByDefault).Select(definition => definition.Name));
    }

    /// <summary>Gets the catalog of an app that declares no scopes.</summary>
    public static ScopeCatalog Empty { get; } = new();

    /// <summary>Gets a value indicating whether no scopes are declared, so that every scope is accepted.</summary>
    public bool IsEmpty => _definitions.Length == 0;

    /// <summary>Gets the definitions in the order of declaration.</summary>
    public IReadOnlyList<ScopeDefinition> Definitions => _definitions;

    /// <summary>Gets the scopes of a new key if the caller requests none.</summary>
    public ScopeSet DefaultScopes { get; }

    /// <summary>Validates scope definitions.</summary>
    /// <param name="definitions">The scopes that the app declares.</param>
    /// <returns>One message per error, which names the scope and the fix. Empty if the definitions are valid.</returns>
    public static IReadOnlyList<string> Validate(IReadOnlyList<ScopeDefinition> definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        return [.. ScopeCatalogRules.FindErrors(definitions)];
    }

    /// <summary>Determines whether an endpoint may require a scope: the catalog defines it or is empty.</summary>
    /// <param name="scope">The scope.</param>
    /// <returns><see langword="true"/> if the scope is known.</returns>
    public bool Contains(string scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return IsEmpty ? ScopeSet.IsScope(scope) : _byName.ContainsKey(scope);
    }

    /// <summary>Determines whether a key may be granted a scope.</summary>
    /// <param name="grant">The scope, which may be a wildcard.</param>
    /// <returns>
    /// <see langword="true"/> for a scope that <see cref="Contains"/> accepts, for <c>*</c>, and for <c>resource:*</c> if the resource has
    /// a scope.
    /// </returns>
    public bool IsGrantable(string grant) => Contains(grant) || ScopeCatalogRules.IsKnownWildcard(grant, _byName.Keys);

    /// <summary>
    /// Adds the scopes that granted scopes imply, directly or indirectly. A wildcard implies what each scope it matches implies.
    /// </summary>
    /// <param name="grants">The granted scopes.</param>
    /// <returns>The expanded scopes, or the same instance if nothing is added.</returns>
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

    /// <summary>Returns the rate limits of a key that has none of its own.</summary>
    /// <param name="grants">The scopes as granted. Scopes that are only implied or matched by a wildcard bring no limits.</param>
    /// <returns>The largest limits among the scopes that are granted by name. Empty if these have none.</returns>
    /// <remarks>
    /// The largest limits admit the most requests in the long run: those whose slowest window has the most permits per second. If these
    /// are equal, those with more permits in the longest window.
    /// </remarks>
    public IReadOnlyList<RateLimit> DefaultRateLimits(ScopeSet grants)
    {
        ArgumentNullException.ThrowIfNull(grants);
        return _limitingDefinitions.Where(definition => grants.ContainsLiteral(definition.Name))
            .Select(definition => definition.RateLimits)
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
