using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Stores;

/// <summary>Represents a filter for keys and the page to return. A key must meet every condition that is set.</summary>
public sealed record ApiKeyFilter
{
    /// <summary>Gets whether keys of every tenant are listed. If it is true, <see cref="TenantId"/> is ignored.</summary>
    public bool AllTenants { get; init; }

    /// <summary>Gets the tenant; null lists keys without a tenant.</summary>
    public string? TenantId { get; init; }

    /// <summary>Gets the IDs of the keys to list, or null for all keys. Pass at most a few hundred.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>Gets the owner, or null for all owners.</summary>
    public string? OwnerId { get; init; }

    /// <summary>Gets who created the keys, such as <c>key:{id}</c> or <c>user:{id}</c>, or null for everyone.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Gets the kind, or null for all kinds.</summary>
    public string? Kind { get; init; }

    /// <summary>Gets the environment, or null for all environments.</summary>
    public string? Environment { get; init; }

    /// <summary>Gets a part of the name, compared case-sensitively, or null for all names.</summary>
    public string? NameContains { get; init; }

    /// <summary>Gets the status at <see cref="Now"/>, or null for all statuses.</summary>
    public ApiKeyStatus? Status { get; init; }

    /// <summary>Gets the time for which <see cref="Status"/> is evaluated.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>Gets the time before which the keys must have expired, or null.</summary>
    public DateTimeOffset? ExpiredBefore { get; init; }

    /// <summary>
    /// Gets the time before which the keys must expire unless they are used, or null. See <see cref="ApiKey.GetIdleExpiration"/>.
    /// </summary>
    public DateTimeOffset? IdleBefore { get; init; }

    /// <summary>
    /// Gets the time since which the keys must not have been used, or null. A key that was never used counts from its creation.
    /// </summary>
    public DateTimeOffset? UnusedSince { get; init; }

    /// <summary>
    /// Gets whether only keys are listed that have a secret with the hash of another system; see <see cref="ApiKeyHash.IsLegacy"/>.
    /// </summary>
    public bool HasLegacyHash { get; init; }

    /// <summary>
    /// Gets when the last key of the previous page was created, or null for the first page. Set it with <see cref="AfterId"/>.
    /// </summary>
    public DateTimeOffset? AfterCreatedAt { get; init; }

    /// <summary>Gets the ID of the last key of the previous page, or null for the first page.</summary>
    public string? AfterId { get; init; }

    /// <summary>Gets the maximum number of keys to return, from 1 to 1,001. The default is 100.</summary>
    public int Limit { get; init; } = 100;
}
