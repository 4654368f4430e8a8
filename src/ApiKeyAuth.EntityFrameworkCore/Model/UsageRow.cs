namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>What a key was used: made with it, added to by the database, gone with it.</summary>
internal class UsageRow : NotifyingRow
{
    public virtual required string KeyId { get; set; }

    public virtual long Count { get; set; }

    public virtual long? LastUsedAt { get; set; }
}
