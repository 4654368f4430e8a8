namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>A batch of usage that is stored, so that it is not stored again.</summary>
internal class BatchRow : NotifyingRow
{
    /// <summary>The id in hexadecimal digits, as in <see cref="AuditRow"/>.</summary>
    public virtual required string Id { get; set; }

    public virtual long At { get; set; }
}
