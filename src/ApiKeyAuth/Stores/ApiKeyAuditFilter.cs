namespace ApiKeyAuth.Stores;

/// <summary>Represents a filter for audit entries and the page to return.</summary>
public sealed record ApiKeyAuditFilter
{
    /// <summary>Gets whether entries of every tenant are listed. If it is true, <see cref="TenantId"/> is ignored.</summary>
    public bool AllTenants { get; init; }

    /// <summary>Gets the tenant; null lists entries of keys without a tenant.</summary>
    public string? TenantId { get; init; }

    /// <summary>Gets the ID of the key, or null for all keys.</summary>
    public string? KeyId { get; init; }

    /// <summary>Gets who made the change, such as <c>key:{id}</c> or <c>user:{id}</c>, or null for everyone.</summary>
    public string? Actor { get; init; }

    /// <summary>Gets the action, such as <c>create</c>, or null for all actions.</summary>
    public string? Action { get; init; }

    /// <summary>Gets the address from which the change was made, or null for all addresses.</summary>
    public string? Address { get; init; }

    /// <summary>Gets the inclusive lower bound of the time of the entries, or null.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Gets the exclusive upper bound of the time of the entries, or null.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Gets the ID of the last entry of the previous page, or null for the first page.</summary>
    public Guid? AfterId { get; init; }

    /// <summary>Gets the maximum number of entries to return, from 1 to 1,001. The default is 100.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Determines whether an entry has the actor, the action and the address.</summary>
    internal bool Matches(ApiKeyAuditEntry entry) =>
        (Actor is null || entry.Actor == Actor)
        && (Action is null || entry.Action == Action)
        && (Address is null || entry.Address == Address);
}
