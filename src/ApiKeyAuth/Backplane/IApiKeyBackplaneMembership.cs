namespace ApiKeyAuth.Backplane;

/// <summary>Knows how many nodes serve the same keys.</summary>
public interface IApiKeyBackplaneMembership
{
    /// <summary>How many nodes there are, this one among them, as last known; at least 1.</summary>
    int MemberCount { get; }
}
