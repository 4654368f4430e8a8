namespace ApiKeyAuth.Caching.Loading;

/// <summary>Represents the lookups of one call of the stores. The queue's lock guards its members.</summary>
internal sealed class LoadBatch(PendingLoad first, long startedAt)
{
    public List<PendingLoad> Loads { get; } = [first];

    public long StartedAt { get; } = startedAt;

    /// <summary>Gets or sets whether it takes no more lookups: it was sent to the stores, or it timed out before.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Gets or sets the name of the store that is called, for the log.</summary>
    public string StoreName { get; set; } = "(being resolved)";
}
