using ApiKeyAuth.EntityFrameworkCore.Model;

namespace ApiKeyAuth.EntityFrameworkCore.Access;

/// <summary>A key beside one of its secrets; a key of several secrets is in as many of these.</summary>
internal sealed class JoinedKeyRow
{
    public required KeyRow Key { get; init; }

    public SecretRow? Secret { get; init; }

    public UsageRow? Usage { get; init; }
}
