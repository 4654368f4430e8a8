namespace ApiKeyAuth.Authorization;

/// <summary>Represents what an endpoint requires of its callers, for API descriptions.</summary>
public sealed class ApiKeyEndpointAccess
{
    internal ApiKeyEndpointAccess(
        IReadOnlyList<string> apiKeySchemes, IReadOnlyList<string> otherSchemes, IReadOnlyList<ScopeRequirement> scopeRequirements)
    {
        ApiKeySchemes = apiKeySchemes;
        OtherSchemes = otherSchemes;
        ScopeRequirements = scopeRequirements;
    }

    /// <summary>Gets the names of the schemes that authenticate callers with API keys.</summary>
    public IReadOnlyList<string> ApiKeySchemes { get; }

    /// <summary>Gets the names of the other schemes that authenticate callers.</summary>
    public IReadOnlyList<string> OtherSchemes { get; }

    /// <summary>Gets the requirements of scopes, all of which one identity of the caller must meet.</summary>
    public IReadOnlyList<ScopeRequirement> ScopeRequirements { get; }
}
