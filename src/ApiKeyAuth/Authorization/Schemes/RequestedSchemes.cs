namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>The schemes that a policy asks.</summary>
internal sealed class RequestedSchemes
{
    /// <summary>Gets the key schemes among them.</summary>
    public IReadOnlyList<string> KeySchemeNames { get; init; } = [];

    /// <summary>Gets the other schemes.</summary>
    public IReadOnlyList<string> OtherSchemeNames { get; init; } = [];

    /// <summary>Gets whether the policy names none of them, and a scope requirement added the key schemes.</summary>
    public bool AreKeySchemesAdded { get; init; }

    /// <summary>Gets whether one of them accepts keys, or forwards to a scheme that may.</summary>
    public bool CanAcceptKeys { get; init; }
}
