using System.Globalization;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Represents an audit entry. It has no foreign key, so that it outlives the key.</summary>
internal class AuditRow : NotifyingRow
{
    /// <summary>
    /// Gets or sets the ID in hexadecimal digits, which every database sorts like .NET. The GUID type of SQL Server is sorted differently.
    /// </summary>
    public virtual required string Id { get; set; }

    public virtual long At { get; set; }

    public virtual required string Action { get; set; }

    public virtual required string KeyId { get; set; }

    public virtual string? TenantId { get; set; }

    public virtual required string Actor { get; set; }

    public virtual string? Address { get; set; }

    public virtual required string Changes { get; set; }

    public static string FormatId(Guid id) => id.ToString("N", CultureInfo.InvariantCulture);

    public static AuditRow From(ApiKeyAuditEntry entry) => new()
    {
        Id = FormatId(entry.Id),
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
        At = UtcTime.FromTicks(At),
        Action = Action,
        KeyId = KeyId,
        TenantId = TenantId,
        Actor = Actor,
        Address = Address,
        Changes = Changes,
    };
}
