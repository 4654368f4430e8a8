namespace ApiKeyAuth.Usage;

/// <summary>What of the history is old.</summary>
public sealed record ApiKeyUsageRetention
{
    /// <summary>Hours of days that ended by this moment become days.</summary>
    public required DateTimeOffset RollUpHoursBefore { get; init; }

    /// <summary>Days that began before this moment are deleted.</summary>
    public required DateTimeOffset DeleteDaysBefore { get; init; }

    /// <summary>Ids of batches made before this moment are forgotten.</summary>
    public required DateTimeOffset DeleteBatchesBefore { get; init; }
}
