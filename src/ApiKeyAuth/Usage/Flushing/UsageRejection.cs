namespace ApiKeyAuth.Usage.Flushing;

/// <summary>Represents the rejection of a batch: the index of the store, and the description of its exception.</summary>
internal sealed record UsageRejection(int Store, string Exception);
