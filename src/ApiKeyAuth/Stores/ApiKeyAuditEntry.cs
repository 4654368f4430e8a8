namespace ApiKeyAuth.Stores;

/// <summary>Represents an entry of the audit log: who changed which key, when and from where.</summary>
/// <remarks>An entry holds no secret and no hash.</remarks>
public sealed record ApiKeyAuditEntry
{
    /// <summary>Gets the ID of the entry. IDs increase with time.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets when the change was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// Gets what was done: <c>create</c>, <c>import</c>, <c>update</c>, <c>rotate</c>, <c>complete-rotation</c>,
    /// <c>cancel-rotation</c>, <c>revoke</c>, <c>revoke-secret</c>, <c>delete</c> or <c>purge</c>.
    /// </summary>
    public required string Action { get; init; }

    /// <summary>Gets the ID of the key.</summary>
    public required string KeyId { get; init; }

    /// <summary>Gets the tenant of the key, or null.</summary>
    public string? TenantId { get; init; }

    /// <summary>
    /// Gets who made the change: <c>key:{id}</c>, <c>user:{id}</c>, <c>leak-report:{source}@{host}</c> or <c>system</c>.
    /// </summary>
    public required string Actor { get; init; }

    /// <summary>Gets the IP address that the request came from, or null.</summary>
    public string? Address { get; init; }

    /// <summary>Gets the changes as a JSON object with members such as <c>"name":{"from":…,"to":…}</c>.</summary>
    public required string Changes { get; init; }
}
