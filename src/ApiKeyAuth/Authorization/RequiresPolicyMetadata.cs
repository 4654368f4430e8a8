namespace ApiKeyAuth.Authorization;

/// <summary>Marks endpoints that must not be open to everybody.</summary>
internal sealed class RequiresPolicyMetadata(string call)
{
    /// <summary>The call on which the host sets the policy.</summary>
    public string Call { get; } = call;
}
