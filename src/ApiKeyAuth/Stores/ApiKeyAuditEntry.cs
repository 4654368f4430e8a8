namespace ApiKeyAuth.Stores;

/// <summary>Who did what to which key, when and from where; it holds no secret and no hash.</summary>
public sealed record ApiKeyAuditEntry
{
    /// <summary>The entry's own id, which grows with time.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// What was done: <c>create</c>, <c>import</c>, <c>update</c>, <c>rotate</c>, <c>revoke</c>, <c>revoke-secret</c>, <c>delete</c>,
    /// <c>purge</c>.
    /// </summary>
    public required string Action { get; init; }

    /// <summary>The key.</summary>
    public required string KeyId { get; init; }

    /// <summary>The key's tenant, or null.</summary>
    public string? TenantId { get; init; }

    /// <summary>Who did it: <c>key:…</c>, <c>user:…</c> or <c>system</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>The address it came from, or null.</summary>
    public string? Address { get; init; }

    /// <summary>What changed, as a JSON object of members <c>{"name":{"from":…,"to":…}}</c>.</summary>
    public required string Changes { get; init; }
}
