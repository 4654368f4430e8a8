using System.ComponentModel.DataAnnotations;

namespace ApiKeyAuth.Management.Documents;

/// <summary>Represents the body of a request for a remote verification.</summary>
internal sealed record ApiKeyVerificationRequestDocument
{
    /// <summary>Gets the secret.</summary>
    [Required]
    public string? Key { get; init; }

    /// <summary>Gets the cost to charge. The default is 0.</summary>
    public long? Cost { get; init; }

    /// <summary>
    /// Gets the IPv4 or IPv6 address from which the key was used; without it, the networks of the key are not checked.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>Returns the name of the type, without the secret.</summary>
    public override string ToString() => nameof(ApiKeyVerificationRequestDocument);
}
