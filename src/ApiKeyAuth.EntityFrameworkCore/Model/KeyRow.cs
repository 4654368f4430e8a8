namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>A key without its secrets and its usage. Moments are ticks in UTC, so that every database sorts them alike; empty lists are null.</summary>
/// <remarks>A context with proxies refuses sealed types, and one with change-tracking proxies properties that are not virtual.</remarks>
internal class KeyRow : NotifyingRow
{
    public const int IdLength = 200;

    // SQL Server takes 900 bytes into the key of a table, and two make a character.
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

    public virtual long CreatedAt { get; set; }

    public virtual string? CreatedBy { get; set; }

    public virtual long Version { get; set; }
}
