namespace ApiKeyAuth.Keys;

/// <summary>Placeholder until the scope algebra lands.</summary>
public sealed class ScopeSet
{
    /// <summary>No scope.</summary>
    public static ScopeSet Empty { get; } = new();
}
