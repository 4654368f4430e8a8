namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Represents the row of a tenant that is locked while a quota is checked, so that all keys are counted.</summary>
internal class QuotaRow : NotifyingRow
{
    public const int TenantLength = KeyRow.NameLength + 1;

    public virtual required string Tenant { get; set; }

    public virtual long Additions { get; set; }

    /// <summary>Formats the primary key, which must not be null, while a tenant may be null or an empty string.</summary>
    public static string FormatTenant(string? tenantId) => tenantId is null ? "-" : "=" + tenantId;
}
