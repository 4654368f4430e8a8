namespace ApiKeyAuth.Usage;

/// <summary>Represents the age limits of the usage history.</summary>
public sealed record ApiKeyUsageRetention
{
    /// <summary>Gets the time before which hours of completed days are combined into days.</summary>
    public required DateTimeOffset RollUpHoursBefore { get; init; }

    /// <summary>Gets the time before which days are deleted.</summary>
    public required DateTimeOffset DeleteDaysBefore { get; init; }

    /// <summary>Gets the time before which the IDs of batches are deleted.</summary>
    public required DateTimeOffset DeleteBatchesBefore { get; init; }
}
