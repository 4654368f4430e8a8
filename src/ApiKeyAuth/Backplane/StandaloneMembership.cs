namespace ApiKeyAuth.Backplane;

/// <summary>What holds without a bus: this node knows of no other.</summary>
internal sealed class StandaloneMembership : IApiKeyBackplaneMembership
{
    public int MemberCount => 1;
}
