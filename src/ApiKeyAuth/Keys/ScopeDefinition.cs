namespace ApiKeyAuth.Keys;

/// <summary>Represents a scope that an app declares.</summary>
public sealed record ScopeDefinition
{
    /// <summary>Gets the scope, without a wildcard.</summary>
    public required string Name { get; init; }

    /// <summary>Gets a description of the scope for people. The default is an empty string.</summary>
    public string Description { get; init; } = "";

    /// <summary>
    /// Gets the scopes that this scope implies, which may be wildcards and may imply further scopes. The default is an empty list.
    /// </summary>
    public IReadOnlyList<string> Implies { get; init; } = [];

    /// <summary>
    /// Gets the rate limits of a key that is granted this scope by name and has no limits of its own. The default is an empty list.
    /// </summary>
    public IReadOnlyList<RateLimit> RateLimits { get; init; } = [];

    /// <summary>
    /// Gets a value indicating whether a new key is granted this scope if the caller requests none. The default is <see langword="false"/>.
    /// </summary>
    public bool GrantedByDefault { get; init; }

    /// <summary>Returns the type name and the scope.</summary>
    public override string ToString() => $"ScopeDefinition {Name}";
}
