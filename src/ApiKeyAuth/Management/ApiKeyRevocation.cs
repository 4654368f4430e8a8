namespace ApiKeyAuth.Management;

/// <summary>Represents a request to revoke a key.</summary>
public sealed record ApiKeyRevocation
{
    /// <summary>Gets the reason, from 1 to 500 characters, or null. It is stored with the key and in the audit.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets whether all keys that the key created, directly or indirectly, are revoked too. The default is false.</summary>
    public bool Cascade { get; init; }
}
