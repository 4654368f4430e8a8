using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.Cli.Importing;

/// <summary>Represents one key of a file: what to import, or why it is not imported.</summary>
/// <param name="position">Where the key is in the file.</param>
internal sealed class ImportRecord(string position)
{
    public string Position { get; } = position;

    /// <summary>Gets the name as it is shown.</summary>
    public string Name { get; init; } = "";

    /// <summary>Gets the key, or null if it has a problem.</summary>
    public ImportedApiKey? Key { get; init; }

    /// <summary>Gets the hashes under which a store may hold the secrets.</summary>
    public IReadOnlyList<ApiKeyHash> StoredHashes { get; init; } = [];

    /// <summary>Gets or sets why the key cannot be imported, or null.</summary>
    public string? Problem { get; set; }

    /// <summary>Gets or sets why the key is left out without a fault, or null.</summary>
    public string? SkipReason { get; set; }

    /// <summary>Gets or sets a value indicating whether an earlier import stored the key.</summary>
    public bool IsPresent { get; set; }

    /// <summary>Gets a value indicating whether the key is to be stored.</summary>
    public bool IsPending => Problem is null && SkipReason is null && !IsPresent;
}
