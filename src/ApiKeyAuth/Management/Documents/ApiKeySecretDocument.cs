namespace ApiKeyAuth.Management.Documents;

/// <summary>Represents the metadata of a secret in a response.</summary>
internal sealed record ApiKeySecretDocument(string Hint, string CreatedAt, string? ExpiresAt, string? LastUsedAt);
