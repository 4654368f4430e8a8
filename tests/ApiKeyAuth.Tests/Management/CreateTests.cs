using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.Tests.Management;

public sealed class CreateTests
{
    private const string All = """
        {"name":"Büro","kind":"organization","environment":"test","ownerId":"u1","scopes":["a:read"],"rateLimits":["100/minute","500/hour"],
        "networks":["203.0.113.0/24"],"audiences":["gw"],"metadata":{"team":"x"},"expiresAt":"2026-12-31"}
        """;

    [Test]
    public async Task Create_AllMembers_ReturnsTheKeyWithItsSecretOnce()
    {
        await using var app = await ManagedApp.StartAsync(options => options.Management.ManagesOthers = _ => true);
        var admin = await app.AdminAsync(key => key with { TenantId = "t1" }, "a:read");

        var made = await app.PostAsync("/api-keys", admin, All);

        Assert.That(made.Status, Is.EqualTo(201), made.Body);
        Assert.That(made.Header("Location"), Is.EqualTo("/api-keys/" + made["id"]));
        Assert.That(made.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(made.Header("ETag"), Is.EqualTo("\"v1\""));
        Assert.That(made["id"], Does.Match("^key_[A-Za-z0-9]{20}$"));
        var secret = made["key"]!;
        Assert.That(made.Json.EnumerateObject().Select(member => member.Name), Is.EqualTo(new[]
        {
            "id", "name", "kind", "environment", "tenantId", "ownerId", "scopes", "rateLimits", "networks", "audiences", "metadata",
            "enabled", "status", "revokedAt", "revocationReason", "expiresAt", "notBefore",
            "expiresAfterIdleDays", "createdAt", "createdBy", "lastUsedAt", "usageCount", "hint", "secrets", "key",
        }));
        var expected = $$"""
            "kind":"organization","environment":"test","tenantId":"t1","ownerId":"u1","scopes":["a:read"],
            "rateLimits":["100/minute","500/hour"],"networks":["203.0.113.0/24"],"audiences":["gw"],"metadata":{"team":"x"},
            "enabled":true,"status":"active","revokedAt":null,"revocationReason":null,"expiresAt":"2026-12-31",
            "notBefore":null,"expiresAfterIdleDays":null,
            "createdAt":"2026-01-01T00:00:00Z","createdBy":"key:key1","lastUsedAt":null,"usageCount":0,"hint":"{{secret[^4..]}}",
            "secrets":[{"hint":"{{secret[^4..]}}","createdAt":"2026-01-01T00:00:00Z","expiresAt":null,"lastUsedAt":null}]
            """.ReplaceLineEndings("");
        Assert.That(made.Body, Does.Contain(expected));
        var read = await app.GetAsync(made.Header("Location")!, admin);
        Assert.That(read.Body, Does.Contain(expected).And.Not.Contain(secret).And.Not.Contain("\"key\""));
        Assert.That(read["name"], Is.EqualTo("Büro"));
    }

    [Test]
    public async Task Create_NameOnly_UsesDefaultsAndIsAcceptedImmediately()
    {
        await using var app = await ManagedApp.StartAsync(options =>
        {
            foreach (var scope in new[] { "keys:read", "keys:write", "keys:verify", "b:read" })
            {
                options.Scopes.Add(new ScopeDefinition { Name = scope });
            }

            options.Scopes.Add(new ScopeDefinition { Name = "a:read", GrantedByDefault = true });
            options.Management.DefaultLifetime = TimeSpan.FromDays(30);
            options.Management.NewId = ApiKeyManagementOptions.UuidIds;
        });
        var admin = await app.AdminAsync(null, "a:read");

        var made = await app.PostAsync("/api-keys", admin, """{"name":"n"}""");

        Assert.That(
            (made["scopes"], made["kind"], made["environment"], made["tenantId"]),
            Is.EqualTo(("""["a:read"]""", "service", "test", (string?)null)));
        Assert.That(made["expiresAt"], Is.EqualTo("2026-01-31T00:00:00Z"));
        Assert.That(Guid.TryParse(made["id"], out _));
        Assert.That(await app.UseAsync(made["key"]!), Is.EqualTo(200));
    }

    [TestCase("{}", "name")]
    [TestCase("""{"name":""}""", "name")]
    [TestCase("""{"name":" "}""", "name")]
    [TestCase("""{"name":null}""", "name")]
    [TestCase("""{"name":5}""", "name")]
    [TestCase("""{"name":"a\u0000b"}""", "name")]
    [TestCase("""{"name":"a\nb"}""", "name")]
    [TestCase("""{"name":"n","name":"m"}""", "name")]
    [TestCase("""{"name":"n","Name":"m"}""", "Name")]
    [TestCase("""{"name":"n","color":"red"}""", "color")]
    [TestCase("""{"name":"n","id":"x"}""", "id")]
    [TestCase("""{"name":"n","hash":"x"}""", "hash")]
    [TestCase("""{"name":"n","tenantId":"t"}""", "tenantId")]
    [TestCase("""{"name":"n","createdBy":"x"}""", "createdBy")]
    [TestCase("""{"name":"n","usageCount":0}""", "usageCount")]
    [TestCase("""{"name":"n","status":"active"}""", "status")]
    [TestCase("""{"name":"n","key":"x"}""", "key")]
    [TestCase("""{"name":"n","secrets":[]}""", "secrets")]
    [TestCase("""{"name":"n","tenantId":null}""", "tenantId")]
    [TestCase("""{"name":"n","kind":""}""", "kind")]
    [TestCase("""{"name":"n","kind":"personal"}""", "kind")]
    [TestCase("""{"name":"n","environment":"moon"}""", "environment")]
    [TestCase("""{"name":"n","ownerId":["u"]}""", "ownerId")]
    [TestCase("""{"name":"n","scopes":"a:read"}""", "scopes")]
    [TestCase("""{"name":"n","scopes":["a:read",5]}""", "scopes")]
    [TestCase("""{"name":"n","scopes":["a b"]}""", "scopes")]
    [TestCase("""{"name":"n","scopes":["unknown:scope"]}""", "scopes")]
    [TestCase("""{"name":"n","rateLimits":500}""", "rateLimits")]
    [TestCase("""{"name":"n","rateLimits":["0/hour"]}""", "rateLimits")]
    [TestCase("""{"name":"n","rateLimits":["-5/hour"]}""", "rateLimits")]
    [TestCase("""{"name":"n","rateLimits":["5/hour","6/hour"]}""", "rateLimits")]
    [TestCase("""{"name":"n","networks":["10"]}""", "networks")]
    [TestCase("""{"name":"n","networks":["10.0.0.1/8"]}""", "networks")]
    [TestCase("""{"name":"n","audiences":[""]}""", "audiences")]
    [TestCase("""{"name":"n","metadata":{"a":5}}""", "metadata")]
    [TestCase("""{"name":"n","metadata":{"a":null}}""", "metadata")]
    [TestCase("""{"name":"n","metadata":{"a":"1","a":"2"}}""", "metadata")]
    [TestCase("""{"name":"n","metadata":{"a":"\u0000"}}""", "metadata")]
    [TestCase("""{"name":"n","metadata":["a"]}""", "metadata")]
    [TestCase("""{"name":"n","expiresAt":"2025-12-31"}""", "expiresAt")]
    [TestCase("""{"name":"n","expiresAt":"2026-01-01T00:00:00Z"}""", "expiresAt")]
    [TestCase("""{"name":"n","expiresAt":"tomorrow"}""", "expiresAt")]
    [TestCase("""{"name":"n","expiresAt":"2027-12-31T10:00:00"}""", "expiresAt")]
    [TestCase("""{"name":"n","expiresAt":1767225600}""", "expiresAt")]
    [TestCase("""{"name":"n","expiresInDays":0}""", "expiresInDays")]
    [TestCase("""{"name":"n","expiresInDays":"90"}""", "expiresInDays")]
    [TestCase("""{"name":"n","expiresInDays":1.5}""", "expiresInDays")]
    [TestCase("""{"name":"n","expiresInDays":5000}""", "expiresInDays")]
    [TestCase("""{"name":"n","expiresInDays":5,"expiresAt":"2027-01-01"}""", "expiresInDays")]
    [TestCase(
        """{"scopes":["a b"],"rateLimits":["x"],"expiresInDays":0,"metadata":{"":"1"}}""", "scopes,rateLimits,metadata,expiresInDays,name")]
    [TestCase("""{"scopes":5,"rateLimits":"x","expiresInDays":0,"x":1,"metadata":1}""", "scopes")]
    public async Task Create_InvalidBody_ReportsEveryFieldAndCreatesNothing(string body, string fields)
    {
        await using var app = await StrictAsync();
        var admin = await app.AdminAsync(null, "a:read");

        var refused = await app.PostAsync("/api-keys", admin, body);

        Assert.That((refused.Status, refused.Code), Is.EqualTo((400, "invalid_request")), refused.Body);
        Assert.That(refused.Fields, Is.EquivalentTo(fields.Split(',')));
        Assert.That(refused.Header("Content-Type"), Is.EqualTo("application/problem+json"));
        Assert.That((await app.GetAsync("/api-keys", admin)).Json.GetProperty("keys").GetArrayLength(), Is.EqualTo(1));
    }

    [TestCase("", "application/json")]
    [TestCase("[]", "application/json")]
    [TestCase("null", "application/json")]
    [TestCase("{\"name\":\"n\"", "application/json")]
    [TestCase("{\"name\":\"n\"}}", "application/json")]
    [TestCase("{\"name\":\"n\",}", "application/json")]
    [TestCase("{\"name\":\"\\ud800\"}", "application/json")]
    [TestCase("{\"name\":\"n\"}", "text/plain")]
    [TestCase("{\"name\":\"n\"}", "application/merge-patch+json")]
    [TestCase("{\"name\":\"n\"}", "")]
    [TestCase("name=n", "application/x-www-form-urlencoded")]
    [TestCase("{\"metadata\":{\"a\":[[[[[[[[[[]]]]]]]]]]}}", "application/json")]
    public async Task Create_NotAJsonObject_IsRejected(string body, string type)
    {
        await using var app = await StrictAsync();
        var refused = await app.SendAsync(HttpMethod.Post, "/api-keys", await app.AdminAsync(), body, type: type);
        Assert.That((refused.Status, refused.Code), Is.EqualTo((400, "invalid_request")), refused.Body);
    }

    [Test]
    public async Task Create_BodyOfMoreThan64Kilobytes_IsRejected()
    {
        await using var app = await StrictAsync();
        var refused = await app.PostAsync("/api-keys", await app.AdminAsync(), $$"""{"name":"{{new string('x', 70_000)}}"}""");
        Assert.That((refused.Status, refused.Code), Is.EqualTo((400, "invalid_request")));
        var tooLong = await app.PostAsync(
            "/api-keys",
            await app.AdminAsync(),
            $$"""{"name":"{{new string('x', 201)}}","metadata":{"a":"{{new string('x', 4_100)}}"} }""");
        Assert.That(tooLong.Fields, Is.EquivalentTo(new[] { "name", "metadata" }));
    }

    [Test]
    public async Task Create_NoCredentialOrScope_IsRejectedBeforeTheBodyIsRead()
    {
        await using var app = await StrictAsync();
        Assert.That((await app.PostAsync("/api-keys", null, "{}")).Code, Is.EqualTo("missing_api_key"));
        var reader = await app.App.IssueAsync(key => key with { Scopes = ScopeSet.Create(["keys:read"]) });
        var refused = await app.PostAsync("/api-keys", reader, "{}");
        Assert.That((refused.Status, refused.Code), Is.EqualTo((403, "insufficient_scope")));
        Assert.That((await app.GetAsync("/api-keys", reader)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Create_QuotaReached_IsRejectedUntilAKeyIsRevoked()
    {
        await using var app = await ManagedApp.StartAsync(options =>
        {
            (options.Management.MaxKeysPerTenant, options.Management.MaxKeysPerOwner) = (4, 1);
            options.Management.ManagesOthers = _ => true;
        });
        var admin = await app.AdminAsync(key => key with { TenantId = "t1" }, "a:read");
        var (id, _) = await app.CreateAsync(admin, """{"name":"n","ownerId":"u1"}""");
        Assert.That((await app.PostAsync("/api-keys", admin, """{"name":"n","ownerId":"u1"}""")).Code, Is.EqualTo("conflict"));
        await app.CreateAsync(admin, """{"name":"n","ownerId":"u2"}""");
        await app.CreateAsync(admin, """{"name":"n"}""");
        Assert.That((await app.PostAsync("/api-keys", admin, """{"name":"n"}""")).Status, Is.EqualTo(409));
        Assert.That((await app.PostAsync($"/api-keys/{id}/revoke", admin)).Status, Is.EqualTo(200));
        await app.CreateAsync(admin, """{"name":"n","ownerId":"u1"}""");
    }

    private static Task<ManagedApp> StrictAsync() => ManagedApp.StartAsync(options =>
    {
        foreach (var scope in new[] { "keys:read", "keys:write", "keys:verify", "a:read" })
        {
            options.Scopes.Add(new ScopeDefinition { Name = scope });
        }

        options.Management.MaxLifetime = TimeSpan.FromDays(3_650);
    });
}
