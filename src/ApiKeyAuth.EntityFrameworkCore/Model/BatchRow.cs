namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>A batch of usage that is stored, so that it is not stored again.</summary>
internal class BatchRow
{
    /// <summary>The id in hexadecimal digits, as in <see cref="AuditRow"/>.</summary>
    public required string Id { get; set; }

    public long At { get; set; }
}
