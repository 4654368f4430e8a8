namespace ApiKeyAuth.Authorization;

/// <summary>Represents metadata of endpoints that must have an authorization policy.</summary>
internal sealed class RequiresPolicyMetadata(string call)
{
    /// <summary>Gets the call that maps the endpoint, to which the app adds the policy.</summary>
    public string Call { get; } = call;
}
