namespace ApiKeyAuth.Keys;

/// <summary>A scope as the app declares it.</summary>
public sealed record ScopeDefinition
{
    /// <summary>The scope, without a wildcard.</summary>
    public required string Name { get; init; }

    /// <summary>What it lets a holder do, for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>The scopes its holder has too; wildcards count, and so does what those imply in turn.</summary>
    public IReadOnlyList<string> Implies { get; init; } = [];

    /// <summary>The limits of a key that holds it by name and has none of its own; empty for none.</summary>
    public IReadOnlyList<RateLimit> RateLimits { get; init; } = [];

    /// <summary>Whether a new key gets it when its maker names no scopes.</summary>
    public bool GrantedByDefault { get; init; }

    /// <summary>Names the scope only.</summary>
    public override string ToString() => $"ScopeDefinition {Name}";
}
