namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>When a scope of a key was last needed; gone with the key's row of usage.</summary>
internal class ScopeUseRow : NotifyingRow
{
    public const int ScopeLength = 128;

    public virtual required string KeyId { get; set; }

    public virtual required string Scope { get; set; }

    public virtual long LastUsedAt { get; set; }
}
