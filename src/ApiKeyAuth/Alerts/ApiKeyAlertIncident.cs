namespace ApiKeyAuth.Alerts;

/// <summary>What is told once when it begins and once when it is over, however often and on however many nodes it is seen meanwhile.</summary>
public sealed record ApiKeyAlertIncident
{
    /// <summary>Its own id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The key.</summary>
    public required string KeyId { get; init; }

    /// <summary>What it is about, such as <c>high_usage</c>; at most 40 characters.</summary>
    public required string Kind { get; init; }

    /// <summary>What tells it from others of its kind and key: a country, a network, or empty; at most 50 characters.</summary>
    public string Discriminator { get; init; } = "";

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it is over, unless it is seen again.</summary>
    public required DateTimeOffset ResolvesAt { get; init; }

    /// <summary>The key's name when it began.</summary>
    public string KeyName { get; init; } = "";

    /// <summary>The key's tenant, or null.</summary>
    public string? TenantId { get; init; }
}
