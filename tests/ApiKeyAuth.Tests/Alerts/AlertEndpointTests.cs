using ApiKeyAuth.Tests.Management;
using ApiKeyAuth.Tests.TestHost;

namespace ApiKeyAuth.Tests.Alerts;

/// <summary>Alerts as callers set and read them.</summary>
public sealed class AlertEndpointTests
{
    private const string Page = """{"unusualActivity": true, "highUsage": {"threshold": 10000, "period": "daily"}, "failures": {"threshold": 100, "period": "hourly"}}""";
    private const string Shown =
        """{"unusualActivity":true,"highUsage":{"threshold":10000,"period":"daily"},"failures":{"threshold":100,"period":"hourly"}}""";
    private const string Nothing = """{"unusualActivity":false,"highUsage":null,"failures":null}""";

    [TestCase(Page)]
    [TestCase("{\"alerts\": " + Page + "}")]
    public async Task Alerts_AsThePageWritesThem_AreSetAndRead(string body)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        var (id, _) = await app.CreateAsync(admin, """{"name":"n"}""");

        var before = await app.GetAsync($"/api-keys/{id}/alerts", admin);
        var set = await app.SendAsync(HttpMethod.Put, $"/api-keys/{id}/alerts", admin, body);
        var after = await app.GetAsync($"/api-keys/{id}/alerts", admin);
        var unset = await app.SendAsync(HttpMethod.Delete, $"/api-keys/{id}/alerts", admin);

        Assert.That((before.Status, before.Body), Is.EqualTo((200, $$"""{"alerts":{{Nothing}},"setFor":null}""")));
        Assert.That((set.Status, set.Body, after.Body), Is.EqualTo((200, $$"""{"alerts":{{Shown}},"setFor":"key"}""", set.Body)));
        Assert.That((unset.Status, unset.Body), Is.EqualTo((200, before.Body)));
        Assert.That(
            app.App.Logs.Entries.Where(entry => entry.EventId == 87).Select(entry => entry.Text),
            Has.Exactly(2).StartsWith($"key:key1 changed the alert settings of key:{id}."));
    }

    [Test]
    public async Task Alerts_OfATenant_HoldForItsKeysAlone()
    {
        await using var app = await ManagedApp.StartAsync(alerts: alerts => alerts.Default = new() { UnusualActivity = true });
        var (acme, other) = (
            await app.AdminAsync(key => key with { TenantId = "acme" }), await app.AdminAsync(key => key with { TenantId = "other" }));
        var (id, _) = await app.CreateAsync(acme, """{"name":"n"}""");

        Assert.That(
            (await app.SendAsync(HttpMethod.Put, "/api-keys/alerts", acme, """{"failures":{"threshold":1,"period":"daily"}}""")).Status,
            Is.EqualTo(200));

        var set = """{"alerts":{"unusualActivity":false,"highUsage":null,"failures":{"threshold":1,"period":"daily"}},"setFor":"tenant"}""";
        Assert.That((await app.GetAsync("/api-keys/alerts", acme)).Body, Is.EqualTo(set));
        Assert.That((await app.GetAsync($"/api-keys/{id}/alerts", acme)).Body, Is.EqualTo(set));
        Assert.That(
            (await app.GetAsync("/api-keys/alerts", other)).Body,
            Is.EqualTo("""{"alerts":{"unusualActivity":true,"highUsage":null,"failures":null},"setFor":null}"""));
        Assert.That((await app.GetAsync($"/api-keys/{id}/alerts", other)).Status, Is.EqualTo(404));
        Assert.That((await app.SendAsync(HttpMethod.Put, $"/api-keys/{id}/alerts", other, "{}")).Status, Is.EqualTo(404));
        Assert.That((await app.SendAsync(HttpMethod.Put, "/api-keys/alerts?tenant=acme", other, "{}")).Status, Is.EqualTo(403));
        Assert.That((await app.GetAsync("/api-keys/alerts?tenant=acme", other)).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task Alerts_OfTheApp_AreSetByWhoSeesEveryTenant()
    {
        await using var app = await ManagedApp.StartAsync(options => options.Management.MayCrossTenants = _ => true);
        var admin = await app.AdminAsync();
        Assert.That(
            (await app.SendAsync(HttpMethod.Put, "/api-keys/alerts", admin, Page)).Body,
            Is.EqualTo($$"""{"alerts":{{Shown}},"setFor":"app"}"""));
        Assert.That(
            (await app.GetAsync("/api-keys/alerts?tenant=acme", admin)).Body, Is.EqualTo($$"""{"alerts":{{Shown}},"setFor":"app"}"""));
        Assert.That(
            (await app.SendAsync(HttpMethod.Put, "/api-keys/alerts?tenant=acme", admin, "{}")).Body,
            Is.EqualTo($$"""{"alerts":{{Nothing}},"setFor":"tenant"}"""));
    }

    [TestCase("""{"highUsage":{"threshold":0,"period":"daily"}}""", "highUsage.threshold")]
    [TestCase("""{"highUsage":{"threshold":-1,"period":"daily"}}""", "highUsage.threshold")]
    [TestCase("""{"highUsage":{"threshold":1.5,"period":"daily"}}""", "highUsage.threshold")]
    [TestCase("""{"highUsage":{"threshold":"5","period":"daily"}}""", "highUsage.threshold")]
    [TestCase("""{"highUsage":{"threshold":99999999999999999999,"period":"daily"}}""", "highUsage.threshold")]
    [TestCase("""{"highUsage":{"period":"daily"}}""", "highUsage.threshold")]
    [TestCase("""{"failures":{"threshold":1,"period":"weekly"}}""", "failures.period")]
    [TestCase("""{"failures":{"threshold":1,"period":"Daily"}}""", "failures.period")]
    [TestCase("""{"failures":{"threshold":1}}""", "failures.period")]
    [TestCase("""{"failures":{"threshold":1,"period":"daily","hunter2":1}}""", "failures.hunter2")]
    [TestCase("""{"failures":{"threshold":1,"threshold":2,"period":"daily"}}""", "failures.threshold")]
    [TestCase("""{"failures":5}""", "failures")]
    [TestCase("""{"unusualActivity":"yes"}""", "unusualActivity")]
    [TestCase("""{"unusual":true}""", "unusual")]
    [TestCase("""{"alerts":{"unusualActivity":1}}""", "alerts.unusualActivity")]
    [TestCase("""{"alerts":{"failures":{"threshold":0,"period":"daily"}}}""", "alerts.failures.threshold")]
    [TestCase("""{"alerts":{},"unusualActivity":true}""", "unusualActivity")]
    [TestCase("""{"alerts":[]}""", "alerts")]
    public async Task Alerts_Bad_AreRejectedByField(string body, string field)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        var (id, _) = await app.CreateAsync(admin, """{"name":"n"}""");
        var refused = await app.SendAsync(HttpMethod.Put, $"/api-keys/{id}/alerts", admin, body);
        Assert.That((refused.Status, refused["code"]), Is.EqualTo((400, "invalid_request")));
        Assert.That(refused.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name), Does.Contain(field), refused.Body);
        Assert.That((await app.GetAsync($"/api-keys/{id}/alerts", admin)).Body, Does.Contain("\"setFor\":null"));
    }

    [Test]
    public async Task Alerts_NeedTheScopesOfTheirPart()
    {
        await using var app = await ManagedApp.StartAsync();
        var reader = await app.App.IssueAsync(key => key with { Scopes = TestApp.Scopes("keys:read") });
        Assert.That((await app.GetAsync("/api-keys/alerts", reader)).Status, Is.EqualTo(200));
        Assert.That((await app.SendAsync(HttpMethod.Put, "/api-keys/alerts", reader, "{}")).Status, Is.EqualTo(403));
        Assert.That((await app.SendAsync(HttpMethod.Delete, "/api-keys/alerts", reader)).Status, Is.EqualTo(403));
    }
}
