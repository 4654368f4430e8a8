namespace ApiKeyAuth.Stores;

/// <summary>Which audit entries to list, and which page of them.</summary>
public sealed record ApiKeyAuditFilter
{
    /// <summary>Whether entries of every tenant are listed, so that <see cref="TenantId"/> is not looked at.</summary>
    public bool AllTenants { get; init; }

    /// <summary>The tenant; null lists entries of keys without a tenant.</summary>
    public string? TenantId { get; init; }

    /// <summary>The key, or null for any.</summary>
    public string? KeyId { get; init; }

    /// <summary>Gets who acted, such as <c>key:{id}</c> or <c>user:{id}</c>, or null for anyone.</summary>
    public string? Actor { get; init; }

    /// <summary>Entries from this moment on, or null.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Entries before this moment, or null.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Where the page before ended: the last entry's id, or null for the first page.</summary>
    public Guid? AfterId { get; init; }

    /// <summary>How many entries a page holds at the most, 1 to 1,001.</summary>
    public int Limit { get; init; } = 100;
}
