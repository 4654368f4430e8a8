namespace ApiKeyAuth.Tests.Backplane;

/// <summary>What is broken on purpose, to see that the simulation finds it.</summary>
internal enum Sabotage
{
    None,

    /// <summary>The cache answers whether the lease is held or not.</summary>
    LeaseIsNotLookedAt,

    /// <summary>The lease runs from the answer, not from the sending.</summary>
    LeaseRunsFromTheAnswer,

    /// <summary>The server does not say that its list of nodes may lack some.</summary>
    ListIsTakenForWhole,

    /// <summary>The server counts every jump of its clock.</summary>
    JumpsCount,
}
