namespace ApiKeyAuth.Usage.Counting;

/// <summary>What came of counting.</summary>
internal enum CountResult
{
    Counted,

    /// <summary>There is no room for a row more.</summary>
    Dropped,

    /// <summary>It was retired by a flush; another takes its place.</summary>
    Retired,
}
