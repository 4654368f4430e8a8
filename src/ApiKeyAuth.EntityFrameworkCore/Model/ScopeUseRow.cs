namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>When a scope of a key was last needed; gone with the key's row of usage.</summary>
internal class ScopeUseRow
{
    public const int ScopeLength = 128;

    public required string KeyId { get; set; }

    public required string Scope { get; set; }

    public long LastUsedAt { get; set; }
}
