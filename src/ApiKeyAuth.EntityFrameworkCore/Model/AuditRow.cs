using System.Globalization;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>An audit entry. It refers to its key by name only, and so outlives it.</summary>
internal class AuditRow
{
    /// <summary>The id in hexadecimal digits, which every database sorts as .NET sorts the id; SQL Server's own type does not.</summary>
    public required string Id { get; set; }

    public long At { get; set; }

    public required string Action { get; set; }

    public required string KeyId { get; set; }

    public string? TenantId { get; set; }

    public required string Actor { get; set; }

    public string? Address { get; set; }

    public required string Changes { get; set; }

    public static string Write(Guid id) => id.ToString("N", CultureInfo.InvariantCulture);

    public static AuditRow From(ApiKeyAuditEntry entry) => new()
    {
        Id = Write(entry.Id),
        At = entry.At.UtcTicks,
        Action = entry.Action,
        KeyId = entry.KeyId,
        TenantId = entry.TenantId,
        Actor = entry.Actor,
        Address = entry.Address,
        Changes = entry.Changes,
    };

    public ApiKeyAuditEntry ToEntry() => new()
    {
        Id = Guid.ParseExact(Id, "N"),
        At = Moment.From(At),
        Action = Action,
        KeyId = KeyId,
        TenantId = TenantId,
        Actor = Actor,
        Address = Address,
        Changes = Changes,
    };
}
