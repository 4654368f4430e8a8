namespace ApiKeyAuth.Cli.Importing;

/// <summary>Defines where keys are imported.</summary>
internal interface IImportTarget
{
    /// <summary>Gets a description without a secret.</summary>
    string Description { get; }

    /// <summary>Gets the maximum number of keys in one call.</summary>
    int MaxKeys { get; }

    /// <summary>Gets the end of the message after a cancellation, by the number of keys that are stored.</summary>
    string DescribeCancellation(int stored);

    /// <summary>Checks keys, and stores nothing.</summary>
    Task<IReadOnlyList<ImportAnswer>> CheckAsync(IReadOnlyList<ImportRecord> records, CancellationToken cancellationToken);

    /// <summary>Stores the keys that have no problem.</summary>
    Task<IReadOnlyList<ImportAnswer>> StoreAsync(IReadOnlyList<ImportRecord> records, CancellationToken cancellationToken);
}
