namespace ApiKeyAuth.Usage.Counting;

/// <summary>Defines the results of counting.</summary>
internal enum CountResult
{
    Counted,

    /// <summary>The maximum number of rows is reached.</summary>
    Dropped,

    /// <summary>The entry was retired by a flush; count with a new one.</summary>
    Retired,
}
