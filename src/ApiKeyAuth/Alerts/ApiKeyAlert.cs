namespace ApiKeyAuth.Alerts;

/// <summary>Represents an alert about a key. It contains no secret and no address.</summary>
public sealed record ApiKeyAlert
{
    /// <summary>
    /// Gets the ID, which is the same on every node and for every delivery attempt. The ID of a resolved alert is the same with the suffix
    /// <c>_resolved</c>.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>Gets the kind: one of <see cref="ApiKeyAlertKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Gets a value indicating whether the alert is firing or resolved.</summary>
    public required ApiKeyAlertState State { get; init; }

    /// <summary>Gets the time at which the alert began or was resolved.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Gets a description of one sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Gets the ID of the key.</summary>
    public required string KeyId { get; init; }

    /// <summary>Gets the name of the key.</summary>
    public string KeyName { get; init; } = "";

    /// <summary>Gets the tenant of the key, or <see langword="null"/> if it has none.</summary>
    public string? TenantId { get; init; }

    /// <summary>
    /// Gets the observed and configured values when the alert began, such as <c>count</c>, <c>threshold</c>, <c>period</c>, <c>country</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
