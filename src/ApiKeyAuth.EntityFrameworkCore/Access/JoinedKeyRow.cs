using ApiKeyAuth.EntityFrameworkCore.Model;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>Represents a key joined with one of its secrets. There is one row per secret.</summary>
internal sealed class JoinedKeyRow
{
    public required KeyRow Key { get; init; }

    public SecretRow? Secret { get; init; }

    public UsageRow? Usage { get; init; }
}
