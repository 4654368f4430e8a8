namespace ApiKeyAuth.Authorization;

/// <summary>Marks endpoints that must not be open to every caller.</summary>
internal sealed class RequiresPolicyMetadata(string call)
{
    /// <summary>Gets the call on which the app sets the policy.</summary>
    public string Call { get; } = call;
}
