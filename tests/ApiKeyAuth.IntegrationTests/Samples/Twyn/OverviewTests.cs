namespace ApiKeyAuth.IntegrationTests.Samples.Twyn;

/// <summary>The page's headings "Overview" and "API Key Format".</summary>
internal sealed class OverviewTests
{
    private const string Curl = """
        curl https://api.twyn.it/v1/simulations \
          -H "X-API-Key: twyn_live_your_key_here"
        """;

    [Test]
    public async Task Overview_Curl_ListsSimulations()
    {
        var simulations = await TwynSample.CurlAsync(Curl, ("twyn_live_your_key_here", "$TWYN_API_KEY"));
        Assert.That(
            simulations.EnumerateArray().Select(simulation => simulation.GetProperty("id").GetString()),
            Is.SupersetOf(new[] { "123", "sim_123" }));
    }

    [TestCase(TwynSample.Keys)]
    [TestCase(TwynSample.Simulations)]
    [TestCase("/v1/simulations/123")]
    public async Task Overview_EveryRequest_NeedsTheHeader(string path)
    {
        Assert.That((await TwynSample.Running.GetAsync(path, TwynSample.Live)).Status, Is.EqualTo(200));
        TwynSample.AssertDetail(await TwynSample.Running.GetAsync(path), 401, "Invalid or missing API key");
        TwynSample.AssertDetail(
            await TwynSample.Running.GetAsync(
                path, TwynSample.Live.Replace("X-API-Key: ", "Authorization: Bearer ", StringComparison.Ordinal)),
            401, "Invalid or missing API key");
    }

    [TestCase("TWYN_API_KEY", "live")]
    [TestCase("TWYN_TEST_KEY", "test")]
    [TestCase("TWYN_OTHER_TENANT_KEY", "live")]
    public void ApiKeyFormat_OfAKey_IsPrefixEnvironmentAnd64HexDigits(string name, string environment) =>
        Assert.That(TwynSample.Running.Export(name), Does.Match($"^twyn_{environment}_[0-9a-f]{{64}}$"));

    [Test]
    public async Task ApiKeyFormat_OfAKeyMadeByATestKey_IsThatOfTesting() =>
        Assert.That((await TwynSample.MakeKeyAsync(by: TwynSample.Test)).Header, Does.Match("^X-API-Key: twyn_test_[0-9a-f]{64}$"));
}
