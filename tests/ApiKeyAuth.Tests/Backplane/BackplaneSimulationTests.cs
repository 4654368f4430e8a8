namespace ApiKeyAuth.Tests.Backplane;

/// <summary>
/// Checks the revocation promise (CONTRACT.md §6) with the real code in simulated worlds. A failing seed can be repeated.
/// </summary>
public sealed class BackplaneSimulationTests
{
    private const int Seeds = 3_000;

    [TestCase(0, 300)]
    [TestCase(300, Seeds, Category = "Long")]
    public void Change_Acknowledged_BindsEveryLaterRequestDespiteFaults(int from, int to)
    {
        var (changes, requests, warm) = (0, 0, 0);
        for (var seed = from; seed < to; seed++)
        {
            var simulation = new BackplaneSimulation(seed).Run();
            Assert.That(simulation.Violations, Is.Empty, $"seed {seed}");
            (changes, requests, warm) = (changes + simulation.Changes, requests + simulation.Requests, warm + simulation.Warm);
        }

        TestContext.Out.WriteLine($"{to - from} seeds, {changes} changes, {requests} requests, {warm} of them warm");
        Assert.That(changes, Is.GreaterThan(to - from), "the simulation must contain changes");
        Assert.That(warm, Is.GreaterThan(requests / 5), "the simulation must contain requests served from the cache");
    }

    [TestCase(InjectedBug.LeaseIsIgnored)]
    [TestCase(InjectedBug.LeaseStartsWithTheResponse)]
    [TestCase(InjectedBug.MemberListIsTrusted)]
    [TestCase(InjectedBug.ClockJumpsCount)]
    public void InjectedBug_Any_IsFound(object bug) =>
        Assert.That(Enumerable.Range(0, Seeds).Any(seed =>
            new BackplaneSimulation(seed, (InjectedBug)bug).Run().Violations.Any(violation => violation.StartsWith("request"))));
}
