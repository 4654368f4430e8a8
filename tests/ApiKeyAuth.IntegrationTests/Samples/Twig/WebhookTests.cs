namespace ApiKeyAuth.IntegrationTests.Samples.Twig;

/// <summary>The webhook of the demo, which verifies the signature of an alert and prints its message.</summary>
[Category("Long")]
internal sealed class WebhookTests
{
    [Test]
    public async Task Alert_OfFailures_ReachesTheReceiver()
    {
        await using var sample = await RunningSample.StartAsync("Twig");
        var admin = TwigSample.Bearer(sample.Export("TWIG_ADMIN_KEY"));
        var set = await sample.SendAsync(
            "PUT", TwigSample.Keys + "/alerts", """{"alerts":{"failures":{"threshold":2,"period":"hourly"}}}""", admin);
        Assert.That(set.Status, Is.EqualTo(200), set.Body);

        var issued = await sample.IssueAsync(TwigSample.OfDemoOrganization);
        for (var i = 0; i < 3; i++)
        {
            Assert.That((await sample.GetAsync("/api/data", TwigSample.Bearer(issued.Secret))).Status, Is.EqualTo(403));
        }

        await Eventually.IsTrueAsync(() => sample.Output.Contains("Webhook api_key.failures.firing: ", StringComparison.Ordinal));
        Assert.That(sample.Output, Does.Contain(issued.Key.Id).And.Not.Contain(issued.Secret));
    }
}
