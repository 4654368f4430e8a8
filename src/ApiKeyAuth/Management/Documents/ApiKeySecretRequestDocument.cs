using System.ComponentModel.DataAnnotations;

namespace ApiKeyAuth.Management.Documents;

/// <summary>Represents the body of a report that a secret leaked.</summary>
internal sealed record ApiKeySecretRequestDocument
{
    [Required]
    public string? Key { get; init; }

    /// <summary>Returns the name of the type, without the secret.</summary>
    public override string ToString() => nameof(ApiKeySecretRequestDocument);
}
