namespace ApiKeyAuth.Management;

/// <summary>How a key's secret is replaced.</summary>
public sealed record ApiKeyRotation
{
    /// <summary>How long the old secret lives on: 0, the default, to 30 days, and never past the key's own end.</summary>
    public TimeSpan Grace { get; init; }

    /// <summary>Whether the current secret ends at once because it never reached anybody; a retiring one lives on as planned.</summary>
    public bool DiscardCurrent { get; init; }

    /// <summary>What could not be read of it, by field; told with all that is wrong otherwise.</summary>
    internal IReadOnlyDictionary<string, string> ParseErrors { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;
}
