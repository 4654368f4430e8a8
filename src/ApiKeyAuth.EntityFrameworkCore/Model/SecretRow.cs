namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>A secret, found by its digest and pepper; the pepper's id is empty for plain SHA-256, because a key of a table is never null.</summary>
internal class SecretRow
{
    public required byte[] Digest { get; set; }

    public required string PepperId { get; set; }

    public required string KeyId { get; set; }

    public int Position { get; set; }

    public string Hint { get; set; } = "";

    public long CreatedAt { get; set; }

    public long? ExpiresAt { get; set; }

    public long? LastUsedAt { get; set; }
}
