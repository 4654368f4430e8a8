namespace ApiKeyAuth.IntegrationTests.Samples.Twyn;

/// <summary>The page's heading "Rate Limiting", and the 429 of "Error Responses".</summary>
internal sealed class RateLimitingTests
{
    [Test]
    public async Task ResponseHeaders_OfAnAnswer_AreThoseShown()
    {
        var (_, header) = await TwynSample.MakeKeyAsync();

        var first = await TwynSample.Running.GetAsync(TwynSample.Simulations, header);
        var second = await TwynSample.Running.GetAsync(TwynSample.Simulations, header);

        Assert.That((first.Header("X-RateLimit-Limit"), first.Header("X-RateLimit-Remaining")), Is.EqualTo(("1000", "999")));
        Assert.That((second.Header("X-RateLimit-Limit"), second.Header("X-RateLimit-Remaining")), Is.EqualTo(("1000", "998")));
        Assert.That(
            long.Parse(second.Header("X-RateLimit-Reset")!, null),
            Is.GreaterThanOrEqualTo(long.Parse(first.Header("X-RateLimit-Reset")!, null)).And.GreaterThan(1_700_000_000));
    }

    [Test]
    public async Task RateLimited_BelowAnHour_NamesTheMinutes()
    {
        var rejected = await RefusedAsync(await TwynSample.MakeLimitedKeyAsync("1/45 minutes"));
        var wait = rejected.Json.GetProperty("retry_after").GetInt64();
        Assert.That(
            rejected.Body,
            Is.EqualTo($$"""{"error":"RATE_LIMIT_EXCEEDED","message":"Rate limit exceeded. Try again in 45 minutes.","retry_after":{{wait}}}"""));
        Assert.That(wait, Is.InRange(2641, 2700), "which are 45 minutes, begun ones counted");
    }

    [Test]
    public async Task RateLimited_FromAnHourOn_SaysLater()
    {
        var rejected = await RefusedAsync(await TwynSample.MakeLimitedKeyAsync("1/2 hours"));
        var wait = rejected.Json.GetProperty("retry_after").GetInt64();
        Assert.That(
            rejected.Body,
            Is.EqualTo($$"""{"error":"RATE_LIMIT_EXCEEDED","message":"Rate limit exceeded. Try again later.","retry_after":{{wait}}}"""));
        Assert.That(wait, Is.InRange(3600, 7200));
    }

    [Test]
    public async Task RateLimited_OneRequestOverTheLimit_Is429()
    {
        var (_, header) = await TwynSample.MakeKeyAsync("""{"name":"n","rate_limit":3}""");
        for (var left = 2; left >= 0; left--)
        {
            Assert.That(
                (await TwynSample.Running.GetAsync(TwynSample.Keys, header)).Header("X-RateLimit-Remaining"), Is.EqualTo($"{left}"));
        }

        var rejected = await TwynSample.Running.GetAsync(TwynSample.Simulations, header);

        Assert.That((rejected.Status, rejected.Json.GetProperty("error").GetString()), Is.EqualTo((429, "RATE_LIMIT_EXCEEDED")));
        Assert.That(rejected.Header("X-RateLimit-Remaining"), Is.EqualTo("0"));
    }

    private static async Task<SampleAnswer> RefusedAsync(string header)
    {
        Assert.That((await TwynSample.Running.GetAsync(TwynSample.Simulations, header)).Status, Is.EqualTo(200));
        var rejected = await TwynSample.Running.GetAsync(TwynSample.Simulations, header);
        Assert.That(
            (rejected.Status, rejected.Header("Retry-After")),
            Is.EqualTo((429, rejected.Json.GetProperty("retry_after").ToString())));
        return rejected;
    }
}
