namespace ApiKeyAuth.Alerts;

/// <summary>
/// Represents an incident, which is reported once when it begins and once when it is resolved, on whichever nodes it is observed.
/// </summary>
public sealed record ApiKeyAlertIncident
{
    /// <summary>Gets the ID of the incident.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the ID of the key.</summary>
    public required string KeyId { get; init; }

    /// <summary>Gets the kind, such as <c>high_usage</c>, at most 40 characters.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// Gets the country or network that distinguishes the incident from others of its key and kind, or an empty string; at most 50
    /// characters.
    /// </summary>
    public string Discriminator { get; init; } = "";

    /// <summary>Gets the time at which the incident began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Gets the time at which the incident is resolved, unless it is observed again.</summary>
    public required DateTimeOffset ResolvesAt { get; init; }

    /// <summary>Gets the name of the key when the incident began.</summary>
    public string KeyName { get; init; } = "";

    /// <summary>Gets the tenant of the key, or <see langword="null"/> if it has none.</summary>
    public string? TenantId { get; init; }
}
