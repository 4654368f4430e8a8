namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Represents the total usage of a key. It is created and deleted with the key.</summary>
internal class UsageRow : NotifyingRow
{
    public virtual required string KeyId { get; set; }

    public virtual long Count { get; set; }

    public virtual long? LastUsedAt { get; set; }
}
