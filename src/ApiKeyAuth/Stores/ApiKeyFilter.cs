using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Which keys to list, and which page of them. Everything that is set must hold.</summary>
public sealed record ApiKeyFilter
{
    /// <summary>Whether keys of every tenant are listed, so that <see cref="TenantId"/> is not looked at.</summary>
    public bool AllTenants { get; init; }

    /// <summary>The tenant; null lists the keys without a tenant.</summary>
    public string? TenantId { get; init; }

    /// <summary>The ids of the keys that are listed as far as there are such keys, or null for any; some hundred at the most.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>The owner, or null for any.</summary>
    public string? OwnerId { get; init; }

    /// <summary>Gets who created the keys, such as <c>key:{id}</c> or <c>user:{id}</c>, or null for anyone.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The kind, or null for any.</summary>
    public string? Kind { get; init; }

    /// <summary>The environment, or null for any.</summary>
    public string? Environment { get; init; }

    /// <summary>A part of the name, in upper and lower case as it stands, or null for any.</summary>
    public string? NameContains { get; init; }

    /// <summary>The status at <see cref="Now"/>, or null for any.</summary>
    public ApiKeyStatus? Status { get; init; }

    /// <summary>The moment at which the status counts.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>Lists only keys whose own time was over before this moment, or null for any.</summary>
    public DateTimeOffset? ExpiredBefore { get; init; }

    /// <summary>Lists only keys that were last used, or where never used made, before this moment; null for any.</summary>
    public DateTimeOffset? UnusedSince { get; init; }

    /// <summary>Where the page before ended: the last key's creation; with <see cref="AfterId"/>, or null for the first page.</summary>
    public DateTimeOffset? AfterCreatedAt { get; init; }

    /// <summary>Where the page before ended: the last key's id.</summary>
    public string? AfterId { get; init; }

    /// <summary>How many keys a page holds at the most, 1 to 1,001.</summary>
    public int Limit { get; init; } = 100;
}
