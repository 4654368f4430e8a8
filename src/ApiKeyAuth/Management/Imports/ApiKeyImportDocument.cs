using System.ComponentModel.DataAnnotations;

namespace ApiKeyAuth.Management.Imports;

/// <summary>Represents the body of a request to import keys.</summary>
internal sealed record ApiKeyImportDocument
{
    [Required]
    public IReadOnlyList<ImportedApiKeyDocument?>? Keys { get; init; }

    public bool? DryRun { get; init; }
}
