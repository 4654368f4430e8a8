namespace ApiKeyAuth.IntegrationTests.Samples.Twyn;

/// <summary>The page's heading "Environment Variables": its two lines, read by a shell; test keys see test data.</summary>
internal sealed class EnvironmentVariablesTests
{
    private const string Development = "TWYN_API_KEY=twyn_test_dev_key_here";
    private const string Production = "TWYN_API_KEY=twyn_live_prod_key_here";

    [TestCase(Development, "twyn_test_dev_key_here", "TWYN_TEST_KEY", "Simulation 123, test data")]
    [TestCase(Production, "twyn_live_prod_key_here", "TWYN_API_KEY", "Simulation 123")]
    public async Task Line_InTheEnvironment_ChoosesTheData(string line, string placeholder, string key, string name)
    {
        var block = $"{line}\ncurl https://api.twyn.it/v1/simulations/123 -H \"X-API-Key: $TWYN_API_KEY\"";
        var simulation = await TwynSample.CurlAsync(block, (placeholder, TwynSample.Running.Export(key)));
        Assert.That(simulation.GetProperty("name").GetString(), Is.EqualTo(name));
    }

    [Test]
    public async Task Simulation_CreatedByATestKey_IsVisibleToTestKeysOnly()
    {
        var made = await TwynSample.Running.SendAsync("POST", TwynSample.Simulations, """{"name":"Rush hour"}""", TwynSample.Test);
        Assert.That((made.Status, made.Json.GetProperty("name").GetString()), Is.EqualTo((201, "Rush hour")));
        var id = made.Json.GetProperty("id").GetString();

        Assert.That(await TwynSample.SimulationsOfAsync(TwynSample.Test), Has.Member(id));
        Assert.That(await TwynSample.SimulationsOfAsync(TwynSample.Live), Has.No.Member(id));
        Assert.That((await TwynSample.Running.GetAsync($"{TwynSample.Simulations}/{id}", TwynSample.Test)).Status, Is.EqualTo(200));
        TwynSample.AssertDetail(
            await TwynSample.Running.GetAsync($"{TwynSample.Simulations}/{id}", TwynSample.Live), 404, "Simulation not found");
    }
}
