namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>Represents the schemes that authenticate callers for a policy.</summary>
internal sealed class RequestedSchemes
{
    /// <summary>Gets the key schemes.</summary>
    public IReadOnlyList<string> KeySchemeNames { get; init; } = [];

    /// <summary>Gets the other schemes.</summary>
    public IReadOnlyList<string> OtherSchemeNames { get; init; } = [];

    /// <summary>Gets a value indicating whether the policy does not name schemes, and a scope requirement added the key schemes.</summary>
    public bool AreKeySchemesAdded { get; init; }

    /// <summary>Gets a value indicating whether one of the schemes accepts keys, or may forward to a scheme that does.</summary>
    public bool CanAcceptKeys { get; init; }
}
