namespace ApiKeyAuth.Tests.Backplane;

/// <summary>Specifies a bug that is injected to check that the simulation finds it.</summary>
internal enum InjectedBug
{
    None,

    /// <summary>The cache ignores the lease.</summary>
    LeaseIsIgnored,

    /// <summary>The lease starts when the response arrives, not when the heartbeat is sent.</summary>
    LeaseStartsWithTheResponse,

    /// <summary>The server always treats its list of members as complete.</summary>
    MemberListIsTrusted,

    /// <summary>The server counts jumps of its clock in full.</summary>
    ClockJumpsCount,
}
