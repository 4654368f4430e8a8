namespace ApiKeyAuth.Management.Documents;

/// <summary>A secret of a key as callers read it.</summary>
internal sealed record ApiKeySecretDocument(string Hint, string CreatedAt, string? ExpiresAt, string? LastUsedAt);
