namespace ApiKeyAuth.Alerts;

/// <summary>Something about a key that somebody wants to be told; it holds no secret and no address.</summary>
public sealed record ApiKeyAlert
{
    /// <summary>What it is known by: the same on every node and each time it is handed over; when it is over, the same with <c>_resolved</c> behind it.</summary>
    public required string Id { get; init; }

    /// <summary>What it is about: one of <see cref="ApiKeyAlertKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether it begins or is over.</summary>
    public required ApiKeyAlertState State { get; init; }

    /// <summary>When it began, or when it was over.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>One sentence for whoever reads it.</summary>
    public required string Message { get; init; }

    /// <summary>The key.</summary>
    public required string KeyId { get; init; }

    /// <summary>The key's name, as its maker wrote it.</summary>
    public string KeyName { get; init; } = "";

    /// <summary>The tenant, or null where there is none.</summary>
    public string? TenantId { get; init; }

    /// <summary>What was seen and what was set when it began, such as <c>count</c>, <c>threshold</c>, <c>period</c>, <c>country</c>.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
