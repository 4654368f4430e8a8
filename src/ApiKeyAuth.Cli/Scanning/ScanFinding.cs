namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Represents a key that was found, and where. It holds no secret.</summary>
internal sealed record ScanFinding
{
    /// <summary>Gets the path with forward slashes, relative to the folder of the console if it is below it.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the line, from 1.</summary>
    public required long Line { get; init; }

    /// <summary>Gets the byte in the line, from 1.</summary>
    public required long Column { get; init; }

    /// <summary>Gets the commit that added the line, or null.</summary>
    public string? Commit { get; init; }

    /// <summary>Gets the start and the end of the key.</summary>
    public required string Masked { get; init; }

    /// <summary>Gets the status in the store, <c>unknown</c> if the store has no such key, or null without a store.</summary>
    public string? Status { get; init; }

    /// <summary>Gets the ID of the key in the store, or null.</summary>
    public string? KeyId { get; init; }
}
