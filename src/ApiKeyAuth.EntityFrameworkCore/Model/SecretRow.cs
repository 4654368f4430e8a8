namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>A secret, found by its digest and pepper; the pepper's id is empty for plain SHA-256, because a key of a table is never null.</summary>
internal class SecretRow : NotifyingRow
{
    public virtual required byte[] Digest { get; set; }

    public virtual required string PepperId { get; set; }

    public virtual required string KeyId { get; set; }

    public virtual int Position { get; set; }

    public virtual string Hint { get; set; } = "";

    public virtual long CreatedAt { get; set; }

    public virtual long? ExpiresAt { get; set; }

    public virtual long? LastUsedAt { get; set; }
}
