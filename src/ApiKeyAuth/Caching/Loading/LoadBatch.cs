namespace ApiKeyAuth.Caching.Loading;

/// <summary>Represents the lookups in one call to the stores. Its members are guarded by the lock of the queue.</summary>
internal sealed class LoadBatch(PendingLoad first, long startedAt)
{
    public List<PendingLoad> Loads { get; } = [first];

    public long StartedAt { get; } = startedAt;

    /// <summary>Gets or sets whether lookups can no longer be added, because the batch was sent to the stores or timed out.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Gets or sets the name of the store that is called, for the log.</summary>
    public string StoreName { get; set; } = "(being resolved)";
}
