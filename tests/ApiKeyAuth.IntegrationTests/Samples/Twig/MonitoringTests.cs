using System.Text.Json;

namespace ApiKeyAuth.IntegrationTests.Samples.Twig;

/// <summary>The page's head "Monitoring": how a key is used, and the alerts in the shape it writes.</summary>
internal sealed class MonitoringTests
{
    private const string SetAlerts = """
        {
          "alerts": {
            "unusualActivity": true,
            "highUsage": {
              "threshold": 10000,
              "period": "daily"
            },
            "failures": {
              "threshold": 100,
              "period": "hourly"
            }
          }
        }
        """;

    [Test]
    public async Task TrackUsage_OfAKey_ShowsCountRateTimeAndCountries()
    {
        var (id, key) = await TwigSample.MakeKeyAsync("agents:read");
        var header = TwigSample.Bearer(key);
        for (var request = 0; request < 3; request++)
        {
            Assert.That(
                (await TwigSample.Running.GetAsync(TwigSample.Agents, header, "CF-IPCountry: CH", "X-Forwarded-For: 203.0.113.7")).Status,
                Is.EqualTo(200));
        }

        Assert.That(
            (await TwigSample.Running.GetAsync("/api/data", header, "CF-IPCountry: VN", "X-Forwarded-For: 198.51.100.7")).Status,
            Is.EqualTo(403));

        JsonElement usage = default;
        Assert.That(async () => (usage = await UsageAsync(id)).GetProperty("requests").GetInt64(), Is.EqualTo(4).After(30_000, 250));
        Assert.That(SampleAnswer.Members(usage), Is.EqualTo(new[] { "requests", "successRate", "failureRate", "lastUsedAt", "countries" }));
        Assert.That((usage.GetProperty("successRate").GetDouble(), usage.GetProperty("failureRate").GetDouble()), Is.EqualTo((0.75, 0.25)));
        Assert.That(usage.GetProperty("lastUsedAt").GetString(), Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"));
        Assert.That($"{usage.GetProperty("countries")}", Is.EqualTo("""[{"country":"CH","requests":3},{"country":"VN","requests":1}]"""));
    }

    [Test]
    public async Task TrackUsage_OfANewKey_IsEmpty() =>
        Assert.That(
            (await UsageAsync((await TwigSample.MakeKeyAsync("chat")).Id)).ToString(),
            Is.EqualTo("""{"requests":0,"successRate":null,"failureRate":null,"lastUsedAt":null,"countries":[]}"""));

    [TestCase(SetAlerts)]
    [TestCase("""{"unusualActivity":true,"highUsage":{"threshold":10000,"period":"daily"},"failures":{"threshold":100,"period":"hourly"}}""")]
    public async Task SetAlerts_AsThePageWritesThem_AreKept(string body)
    {
        const string Kept = """{"alerts":{"unusualActivity":true,"highUsage":{"threshold":10000,"period":"daily"},"failures":{"threshold":100,"period":"hourly"}}}""";
        var set = await TwigSample.Running.SendAsync("PUT", TwigSample.Keys + "/alerts", body, TwigSample.Admin);
        Assert.That((set.Status, set.Body), Is.EqualTo((200, Kept)));
        Assert.That((await TwigSample.Running.GetAsync(TwigSample.Keys + "/alerts", TwigSample.Admin)).Body, Is.EqualTo(Kept));
    }

    [TestCase(
        """{"alerts":{"highUsage":{"threshold":0,"period":"daily"},"failures":{"threshold":-1,"period":"hourly"}}}""",
        "highUsage.threshold must be at least 1; failures.threshold must be at least 1")]
    [TestCase("""{"highUsage":{"threshold":0,"period":"daily"}}""", "highUsage.threshold must be at least 1")]
    [TestCase("""{"alerts":{"highUsage":{"threshold":1,"period":"weekly"}}}""", SampleAnswer.Malformed)]
    [TestCase("""{"alerts":{"highUsage":{"threshold":1,"period":0}}}""", SampleAnswer.Malformed)]
    [TestCase("""{"alerts":{"highUsage":{"period":"daily"}}}""", SampleAnswer.Malformed)]
    [TestCase("""{"alerts":{"highUsage":{"threshold":1}}}""", SampleAnswer.Malformed)]
    [TestCase("""{"alerts":{"email":"a@b"}}""", SampleAnswer.Malformed)]
    public async Task SetAlerts_WithABadBody_NamesWhatIsWrong(string body, string message) => TwigSample.AssertError(
        await TwigSample.Running.SendAsync("PUT", TwigSample.Keys + "/alerts", body, TwigSample.Admin), 400, "invalid_request", message);

    private static async Task<JsonElement> UsageAsync(string id) =>
        (await TwigSample.Running.GetAsync($"{TwigSample.Keys}/{id}/usage", TwigSample.Admin)).Json;
}
