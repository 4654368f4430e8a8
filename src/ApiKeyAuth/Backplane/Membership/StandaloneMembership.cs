namespace ApiKeyAuth.Backplane.Membership;

/// <summary>Provides the membership of a node without a backplane.</summary>
internal sealed class StandaloneMembership : IApiKeyBackplaneMembership
{
    public int MemberCount => 1;
}
