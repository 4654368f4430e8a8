using System.ComponentModel.DataAnnotations;
using ApiKeyAuth.Management.Documents;

namespace ApiKeyAuth.Management.Imports;

/// <summary>
/// Represents a key to import. Its ID is always a new one, so that a caller learns nothing about the IDs of other tenants.
/// </summary>
internal sealed record ImportedApiKeyDocument : NewApiKeyDocument
{
    [Required]
    public string? Hash { get; init; }

    public string? HashAlgorithm { get; init; }

    public IReadOnlyList<string>? AdditionalHashes { get; init; }

    public bool? Enabled { get; init; }

    public string? Prefix { get; init; }

    public string? Hint { get; init; }

    public string? CreatedAt { get; init; }
}
