namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Represents a secret. Its primary key is the digest and the ID of the pepper, which is empty for plain SHA-256.</summary>
internal class SecretRow : NotifyingRow
{
    public virtual required byte[] Digest { get; set; }

    public virtual required string PepperId { get; set; }

    public virtual required string KeyId { get; set; }

    public virtual int Position { get; set; }

    public virtual string Hint { get; set; } = "";

    public virtual long CreatedAt { get; set; }

    public virtual long? ExpiresAt { get; set; }

    public virtual long? LeakedAt { get; set; }

    public virtual string? Prefix { get; set; }

    public virtual string? SaltedHash { get; set; }

    public virtual long? LastUsedAt { get; set; }
}
