namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Represents a stored batch of usage, which must not be stored again.</summary>
internal class BatchRow : NotifyingRow
{
    /// <summary>Gets or sets the ID in hexadecimal digits, as in <see cref="AuditRow"/>.</summary>
    public virtual required string Id { get; set; }

    public virtual long At { get; set; }
}
