using System.Globalization;

namespace ApiKeyAuth.IntegrationTests.Samples.Twyn;

/// <summary>The page's heading "Getting Your First API Key".</summary>
internal sealed class GettingYourFirstApiKeyTests
{
    private const string Curl = """
        curl -X POST https://api.twyn.it/v1/keys \
          -H "X-API-Key: YOUR_EXISTING_KEY" \
          -H "Content-Type: application/json" \
          -d '{
            "name": "Development Server",
            "rate_limit": 500,
            "expires_in_days": 90
          }'
        """;

    [Test]
    public async Task Programmatically_Curl_AnswersAsShown()
    {
        var made = await TwynSample.CurlAsync(Curl, ("YOUR_EXISTING_KEY", "$TWYN_API_KEY"));

        Assert.That(
            SampleAnswer.Members(made),
            Is.EqualTo(new[] { "key_id", "api_key", "tenant_id", "name", "rate_limit", "expires_at", "created_at" }));
        Assert.That(made.GetProperty("key_id").GetString(), Does.StartWith("key_"));
        Assert.That(made.GetProperty("api_key").GetString(), Does.StartWith("twyn_live_"));
        Assert.That(made.GetProperty("tenant_id").GetString(), Is.EqualTo("tenant_acme"));
        Assert.That(
            (made.GetProperty("name").GetString(), made.GetProperty("rate_limit").GetInt64()), Is.EqualTo(("Development Server", 500)));
        Assert.That(Time(made, "expires_at") - Time(made, "created_at"), Is.EqualTo(TimeSpan.FromDays(90)));
        var simulations = await TwynSample.Running.GetAsync(
            TwynSample.Simulations, "X-API-Key: " + made.GetProperty("api_key").GetString());
        Assert.That((simulations.Status, simulations.Header("X-RateLimit-Limit")), Is.EqualTo((200, "500")));
    }

    [Test]
    public async Task FromTheDashboard_RateLimitLeftOut_Is1000AnHourAndNoEnd()
    {
        var made = await TwynSample.Running.SendAsync("POST", TwynSample.Keys, """{"name":"Production Server"}""", TwynSample.Live);

        Assert.That((made.Status, made.Header("Cache-Control")), Is.EqualTo((201, "no-store")));
        Assert.That(made.Json.GetProperty("rate_limit").GetInt64(), Is.EqualTo(1000));
        Assert.That(made.Json.GetProperty("expires_at").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
    }

    [Test]
    public async Task SaveYourKeyImmediately_Later_IsShownNowhere()
    {
        var (id, header) = await TwynSample.MakeKeyAsync();
        var secret = header.Split(": ")[1];
        foreach (var path in new[] { TwynSample.Keys, $"{TwynSample.Keys}/{id}" })
        {
            var read = await TwynSample.Running.GetAsync(path, TwynSample.Live);
            Assert.That(read.Body, Does.Contain(id).And.Not.Contain(secret).And.Not.Contain("api_key"));
        }

        Assert.That(TwynSample.Running.Output, Does.Not.Contain(secret));
    }

    // Whole seconds in UTC, as the page writes them; whatever else is there fails to parse.
    private static DateTimeOffset Time(System.Text.Json.JsonElement json, string member) => DateTimeOffset.ParseExact(
        json.GetProperty(member).GetString()!, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
