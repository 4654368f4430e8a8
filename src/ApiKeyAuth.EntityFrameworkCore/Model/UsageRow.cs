namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>What a key was used: made with it, added to by the database, gone with it.</summary>
internal class UsageRow
{
    public required string KeyId { get; set; }

    public long Count { get; set; }

    public long? LastUsedAt { get; set; }
}
