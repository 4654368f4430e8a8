namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>The row that additions under a quota of one tenant lock in turn, so that the keys counted are all there are.</summary>
internal class QuotaRow : NotifyingRow
{
    public const int TenantLength = KeyRow.NameLength + 1;

    public virtual required string Tenant { get; set; }

    public virtual long Additions { get; set; }

    /// <summary>Names a tenant's row: a key of a table is never null, and a tenant may be the empty text.</summary>
    public static string FormatTenant(string? tenantId) => tenantId is null ? "-" : "=" + tenantId;
}
