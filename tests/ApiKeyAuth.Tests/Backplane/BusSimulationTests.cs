namespace ApiKeyAuth.Tests.Backplane;

/// <summary>The promise of CONTRACT.md §6, by the real code in simulated worlds; a seed that fails is repeated by its number.</summary>
public sealed class BusSimulationTests
{
    private const int Seeds = 3_000;

    [TestCase(0, 300)]
    [TestCase(300, Seeds, Category = "Long")]
    public void Change_OnceAnswered_BindsEveryLaterRequestWhateverGoesWrong(int from, int to)
    {
        var (changes, requests, warm) = (0, 0, 0);
        for (var seed = from; seed < to; seed++)
        {
            var simulation = new BusSimulation(seed).Run();
            Assert.That(simulation.Violations, Is.Empty, $"seed {seed}");
            (changes, requests, warm) = (changes + simulation.Changes, requests + simulation.Requests, warm + simulation.Warm);
        }

        TestContext.Out.WriteLine($"{to - from} seeds, {changes} changes, {requests} requests, {warm} of them warm");
        Assert.That(changes, Is.GreaterThan(to - from), "a world in which nothing changes proves nothing");
        Assert.That(warm, Is.GreaterThan(requests / 5), "nor one in which nothing is remembered");
    }

    [TestCase(Sabotage.LeaseIsNotLookedAt)]
    [TestCase(Sabotage.LeaseRunsFromTheAnswer)]
    [TestCase(Sabotage.ListIsTakenForWhole)]
    [TestCase(Sabotage.JumpsCount)]
    public void Sabotage_Any_IsFound(object sabotage) =>
        Assert.That(Enumerable.Range(0, Seeds).Any(seed => new BusSimulation(seed, (Sabotage)sabotage).Run().Violations.Any(found => found.StartsWith("request"))));
}
