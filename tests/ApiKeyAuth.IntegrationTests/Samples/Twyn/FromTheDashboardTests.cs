namespace ApiKeyAuth.IntegrationTests.Samples.Twyn;

/// <summary>The page's head "From the Dashboard": Settings, API Keys, a name, a rate limit, an expiration, and a key that is shown once.</summary>
internal sealed class FromTheDashboardTests
{
    [Test]
    public async Task FromTheDashboard_NameRateLimitAndExpiration_CreateAKey()
    {
        using var dashboard = await SampleDashboard.OpenAsync(TwynSample.Running);
        var list = await dashboard.GetAsync();
        var shown = await dashboard.PostAsync(
            "/new", "/new", ("name", "Production Server"), ("environment", "live"), ("rateLimits", "500/hour"), ("expiry", "90"));
        var secret = SampleDashboard.FindSecret(shown);
        var answer = await TwynSample.Running.GetAsync("/v1/simulations", "X-API-Key: " + secret);

        Assert.That(dashboard.Path, Is.EqualTo("/settings/api-keys"));
        Assert.That(list, Does.Contain("TWYN_API_KEY").And.Not.Contain("TWYN_OTHER_TENANT_KEY"));
        Assert.That(secret, Does.Match("^twyn_live_[0-9a-f]{64}$"));
        Assert.That((answer.Status, answer.Header("X-RateLimit-Limit")), Is.EqualTo((200, "500")));
        Assert.That(await dashboard.GetAsync(), Does.Contain("Production Server").And.Not.Contain(secret));
    }
}
