namespace ApiKeyAuth.Usage.Flushing;

/// <summary>Represents a batch that waits for the stores. Those before <paramref name="FirstStore"/> have it already.</summary>
internal sealed record PendingUsage(ApiKeyUsageBatch Batch, int FirstStore)
{
    public int Rows => Batch.Records.Count + Batch.Scopes.Count;

    /// <summary>Divides a batch that a store rejected into two halves with their own IDs.</summary>
    public IEnumerable<PendingUsage> Divide(int rejectingStore)
    {
        var half = Rows / 2;
        var records = Math.Min(half, Batch.Records.Count);
        var scopes = half - records;
        yield return Create([.. Batch.Records.Take(records)], [.. Batch.Scopes.Take(scopes)], rejectingStore);
        yield return Create([.. Batch.Records.Skip(records)], [.. Batch.Scopes.Skip(scopes)], rejectingStore);
    }

    private PendingUsage Create(List<ApiKeyUsageRecord> records, List<ApiKeyScopeLastUse> scopes, int firstStore) =>
        new(Batch with { Id = Guid.CreateVersion7(Batch.CreatedAt), Records = records, Scopes = scopes }, firstStore);
}
