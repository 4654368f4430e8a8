namespace ApiKeyAuth.Tests.Management;

public sealed class UpdateTests
{
    [Test]
    public async Task Update_AbsentValueAndNull_KeepSetAndClear()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, _) = await app.CreateAsync(admin, """
            {"name":"n","scopes":["a:read"],"rateLimits":["5/hour"],"networks":["127.0.0.1/32"],"audiences":["x"],
             "metadata":{"a":"1","b":"2"},"expiresAt":"2026-12-31"}
            """);
        var path = $"/api-keys/{id}";

        var kept = await app.PatchAsync(path, admin, """{"name":"m"}""");
        Assert.That((kept.Status, kept["name"], kept["scopes"], kept["rateLimits"], kept["metadata"], kept["expiresAt"]),
            Is.EqualTo((200, "m", """["a:read"]""", """["5/hour"]""", """{"a":"1","b":"2"}""", "2026-12-31")));
        Assert.That(
            (await app.PatchAsync(path, admin, """{"metadata":{"a":null,"c":"3"}}"""))["metadata"],
            Is.AnyOf("""{"b":"2","c":"3"}""", """{"c":"3","b":"2"}"""));

        string[] members = ["scopes", "rateLimits", "networks", "audiences", "metadata", "expiresAt"];
        var cleared = await app.PatchAsync(
            path, admin, """{"scopes":null,"rateLimits":null,"networks":null,"audiences":null,"metadata":null,"expiresAt":null}""");
        Assert.That(
            members.Select(member => cleared[member]),
            Is.EqualTo(new[] { "[]", "[]", "[]", "[]", "{}", null }));
        Assert.That(
            (await app.SendAsync(HttpMethod.Patch, path, admin, """{"expiresAt":"2026-06-30T12:00:00+02:00"}"""))["expiresAt"],
            Is.EqualTo("2026-06-30T10:00:00Z"));
    }

    [TestCase("""{"name":null}""", "name")]
    [TestCase("""{"enabled":null}""", "enabled")]
    [TestCase("""{"enabled":"false"}""", "enabled")]
    [TestCase("""{"kind":"x"}""", "kind")]
    [TestCase("""{"environment":"live"}""", "environment")]
    [TestCase("""{"ownerId":"u"}""", "ownerId")]
    [TestCase("""{"id":"x"}""", "id")]
    [TestCase("""{"tenantId":"t"}""", "tenantId")]
    [TestCase("""{"status":"active"}""", "status")]
    [TestCase("""{"usageCount":1}""", "usageCount")]
    [TestCase("""{"metadata":{"":"x"},"rateLimits":["x"],"expiresAt":"2020-01-01"}""", "metadata,rateLimits,expiresAt")]
    [TestCase("""{"rateLimits":["x"],"metadata":{"a":5}}""", "metadata")]
    [TestCase("""{"rateLimits":["x"],"color":1}""", "color")]
    [TestCase("""{"enabled":true,"enabled":false}""", "enabled")]
    public async Task Update_InvalidBody_ReportsEveryFieldAndChangesNothing(string body, string fields)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, _) = await app.CreateAsync(admin);

        var refused = await app.PatchAsync($"/api-keys/{id}", admin, body);

        Assert.That((refused.Status, refused.Code), Is.EqualTo((400, "invalid_request")), refused.Body);
        Assert.That(refused.Fields, Is.EquivalentTo(fields.Split(',')));
        Assert.That((await app.GetAsync($"/api-keys/{id}", admin)).Header("ETag"), Is.EqualTo("\"v1\""));
    }

    [TestCase("\"v1\"", 200)]
    [TestCase("*", 200)]
    [TestCase("\"v7\", \"v1\"", 200)]
    [TestCase("\"v2\"", 412)]
    [TestCase("\"v0\"", 412)]
    [TestCase("W/\"v1\"", 412)]
    [TestCase("\"x\"", 412)]
    [TestCase("\"v7\", \"v8\"", 412)]
    [TestCase("v1", 412)]
    [TestCase("\"v01\"", 412)]
    [TestCase("\"v0000000001\"", 412)]
    [TestCase("\"V1\"", 412)]
    [TestCase("\"v1 \"", 412)]
    [TestCase("\"v7\", \"v01\"", 412)]
    [TestCase("\"v01\", \"v1\"", 200)]
    [TestCase("*, \"v7\"", 412)]
    public async Task Update_IfMatch_ComparesTheStrongTag(string ifMatch, int status)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, _) = await app.CreateAsync(admin);

        var answer = await app.PatchAsync($"/api-keys/{id}", admin, """{"name":"m"}""", ifMatch);

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(status == 200 ? answer.Header("ETag") : answer.Code, Is.EqualTo(status == 200 ? "\"v2\"" : "precondition_failed"));
    }

    [Test]
    public async Task RotateAndDelete_StaleIfMatch_AreRejected()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin);
        Assert.That((await app.PostAsync($"/api-keys/{id}/rotate", admin, "{}", "\"v9\"")).Status, Is.EqualTo(412));
        Assert.That((await app.SendAsync(HttpMethod.Delete, $"/api-keys/{id}", admin, ifMatch: "\"v9\"")).Status, Is.EqualTo(412));
        Assert.That(await app.UseAsync(secret), Is.EqualTo(200));
        Assert.That((await app.SendAsync(HttpMethod.Delete, $"/api-keys/{id}", admin, ifMatch: "\"v1\"")).Status, Is.EqualTo(204));
    }

    [Test]
    public async Task Update_RevokedKey_StaysRevoked()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin);
        var revoked = await app.PostAsync($"/api-keys/{id}/revoke", admin);
        Assert.That((revoked.Status, revoked["status"]), Is.EqualTo((200, "revoked")));
        foreach (var again in new[]
        {
            await app.PatchAsync($"/api-keys/{id}", admin, """{"enabled":true}"""),
            await app.PostAsync($"/api-keys/{id}/rotate", admin, "{}"),
        })
        {
            Assert.That((again.Status, again.Code), Is.EqualTo((409, "conflict")));
        }

        Assert.That(await app.UseAsync(secret), Is.EqualTo(401));
        Assert.That(
            (await app.PostAsync($"/api-keys/{id}/revoke", admin)).Header("ETag"),
            Is.EqualTo(revoked.Header("ETag")),
            "repeating it changes nothing");
    }

    [Test]
    public async Task Update_KeyOlderThanARule_ValidatesChangedFieldsOnly()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(key => key with { Environment = null }, "a:read");
        await app.App.IssueAsync(
            key => key with { Environment = null, Name = "", Metadata = new Dictionary<string, string> { ["a"] = new('x', 5_000) } });
        Assert.That((await app.PatchAsync("/api-keys/key2", admin, """{"enabled":false}""")).Status, Is.EqualTo(200));
        Assert.That((await app.PostAsync("/api-keys/key2/rotate", admin, "{}")).Status, Is.EqualTo(409), "new secrets name an environment");
    }

    [Test]
    public async Task Update_Enabled_DisablesAndEnablesTheKey()
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync(null, "a:read");
        var (id, secret) = await app.CreateAsync(admin);
        Assert.That((await app.PatchAsync($"/api-keys/{id}", admin, """{"enabled":false}"""))["status"], Is.EqualTo("disabled"));
        Assert.That(await app.UseAsync(secret), Is.EqualTo(401));
        Assert.That((await app.PatchAsync($"/api-keys/{id}", admin, """{"enabled":true}"""))["status"], Is.EqualTo("active"));
        Assert.That(await app.UseAsync(secret), Is.EqualTo(200));
    }
}
