namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>A key without its secrets and its usage. Moments are ticks in UTC, so that every database sorts them alike; empty lists are null.</summary>
/// <remarks>Rows are not sealed because a context with proxies refuses sealed types.</remarks>
internal class KeyRow
{
    public const int IdLength = 200;

    // SQL Server takes 900 bytes into the key of a table, and two make a character.
    public const int NameLength = 400;

    public required string Id { get; set; }

    public string Name { get; set; } = "";

    public string? Kind { get; set; }

    public string? Environment { get; set; }

    public string? TenantId { get; set; }

    public string? OwnerId { get; set; }

    public string? Scopes { get; set; }

    public string? RateLimits { get; set; }

    public string? Networks { get; set; }

    public string? Audiences { get; set; }

    public string? Metadata { get; set; }

    public bool Enabled { get; set; }

    public long? RevokedAt { get; set; }

    public string? RevocationReason { get; set; }

    public long? ExpiresAt { get; set; }

    public bool ExpiresOnDate { get; set; }

    public long CreatedAt { get; set; }

    public string? CreatedBy { get; set; }

    public long Version { get; set; }
}
