namespace ApiKeyAuth.Backplane;

/// <summary>Provides the number of nodes that serve the same keys.</summary>
public interface IApiKeyBackplaneMembership
{
    /// <summary>Gets the last known number of nodes, including this one. It is at least 1.</summary>
    int MemberCount { get; }
}
