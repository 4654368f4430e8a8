namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Represents a key without its secrets and usage.</summary>
/// <remarks>
/// Times are UTC ticks, which every database sorts in the same way. Empty lists are null. Contexts with proxies need classes that are not
/// sealed, and contexts with change-tracking proxies need virtual properties.
/// </remarks>
internal class KeyRow : NotifyingRow
{
    public const int IdLength = 200;

    // SQL Server limits the key of a table to 900 bytes, with two bytes per character.
    public const int NameLength = 400;

    public virtual required string Id { get; set; }

    public virtual string Name { get; set; } = "";

    public virtual string? Kind { get; set; }

    public virtual string? Environment { get; set; }

    public virtual string? TenantId { get; set; }

    public virtual string? OwnerId { get; set; }

    public virtual string? Scopes { get; set; }

    public virtual string? RateLimits { get; set; }

    public virtual string? Networks { get; set; }

    public virtual string? Audiences { get; set; }

    public virtual string? Metadata { get; set; }

    public virtual bool Enabled { get; set; }

    public virtual long? RevokedAt { get; set; }

    public virtual string? RevocationReason { get; set; }

    public virtual long? ExpiresAt { get; set; }

    public virtual bool ExpiresOnDate { get; set; }

    public virtual long? NotBefore { get; set; }

    public virtual int? ExpiresAfterIdleDays { get; set; }

    public virtual long CreatedAt { get; set; }

    public virtual string? CreatedBy { get; set; }

    public virtual long Version { get; set; }
}
