using ApiKeyAuth.Stores;

namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>An open episode. It refers to its key by name only, so that its end is told although the key is gone.</summary>
internal class AlertRow : NotifyingRow
{
    public const int KindLength = 40;
    public const int AboutLength = 50;

    public virtual required string KeyId { get; set; }

    public virtual required string Kind { get; set; }

    public virtual required string About { get; set; }

    /// <summary>The id in hexadecimal digits, as in <see cref="AuditRow"/>.</summary>
    public virtual required string Id { get; set; }

    public virtual long BeganAt { get; set; }

    public virtual long Until { get; set; }

    public virtual required string KeyName { get; set; }

    public virtual string? TenantId { get; set; }

    public static AlertRow From(ApiKeyAlertEpisode episode) => new()
    {
        KeyId = episode.KeyId,
        Kind = episode.Kind,
        About = episode.About,
        Id = AuditRow.Write(episode.Id),
        BeganAt = episode.BeganAt.UtcTicks,
        Until = episode.Until.UtcTicks,
        KeyName = episode.KeyName,
        TenantId = episode.TenantId,
    };

    public ApiKeyAlertEpisode ToEpisode() => new()
    {
        Id = Guid.ParseExact(Id, "N"),
        KeyId = KeyId,
        Kind = Kind,
        About = About,
        BeganAt = Moment.From(BeganAt),
        Until = Moment.From(Until),
        KeyName = KeyName,
        TenantId = TenantId,
    };
}
