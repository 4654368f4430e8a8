namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Represents the last use of a scope by a key. It is deleted with the <see cref="UsageRow"/> of the key.</summary>
internal class ScopeUseRow : NotifyingRow
{
    public const int ScopeLength = 128;

    public virtual required string KeyId { get; set; }

    public virtual required string Scope { get; set; }

    public virtual long LastUsedAt { get; set; }
}
