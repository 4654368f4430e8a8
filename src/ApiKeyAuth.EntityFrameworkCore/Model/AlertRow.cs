using ApiKeyAuth.Alerts;

namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>
/// Represents a firing incident. It has no foreign key, so that it is still resolved and reported after the key was deleted.
/// </summary>
internal class AlertRow : NotifyingRow
{
    public const int KindLength = 40;
    public const int AboutLength = 50;

    public virtual required string KeyId { get; set; }

    public virtual required string Kind { get; set; }

    public virtual required string About { get; set; }

    /// <summary>Gets or sets the ID in hexadecimal digits, as in <see cref="AuditRow"/>.</summary>
    public virtual required string Id { get; set; }

    public virtual long BeganAt { get; set; }

    public virtual long Until { get; set; }

    public virtual required string KeyName { get; set; }

    public virtual string? TenantId { get; set; }

    public static AlertRow From(ApiKeyAlertIncident incident) => new()
    {
        KeyId = incident.KeyId,
        Kind = incident.Kind,
        About = incident.Discriminator,
        Id = AuditRow.FormatId(incident.Id),
        BeganAt = incident.StartedAt.UtcTicks,
        Until = incident.ResolvesAt.UtcTicks,
        KeyName = incident.KeyName,
        TenantId = incident.TenantId,
    };

    public ApiKeyAlertIncident ToIncident() => new()
    {
        Id = Guid.ParseExact(Id, "N"),
        KeyId = KeyId,
        Kind = Kind,
        Discriminator = About,
        StartedAt = UtcTime.FromTicks(BeganAt),
        ResolvesAt = UtcTime.FromTicks(Until),
        KeyName = KeyName,
        TenantId = TenantId,
    };
}
