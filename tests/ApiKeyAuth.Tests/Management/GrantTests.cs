using System.Net;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Management;

public sealed class GrantTests
{
    [TestCase("""{"name":"n","scopes":["b:read"]}""", "insufficient_scope")]
    [TestCase("""{"name":"n","scopes":["*"]}""", "insufficient_scope")]
    [TestCase("""{"name":"n","scopes":["a:*"]}""", "insufficient_scope")]
    [TestCase("""{"name":"n","scopes":["full"]}""", "insufficient_scope")]
    [TestCase("""{"name":"n","scopes":["a:read"],"rateLimits":["101/hour"]}""", "forbidden")]
    [TestCase("""{"name":"n","scopes":["a:read"],"rateLimits":["2/minute"]}""", "forbidden")]
    [TestCase("""{"name":"n","scopes":["a:read"],"expiresAt":"2026-07-01"}""", "forbidden")]
    [TestCase("""{"name":"n","scopes":["a:read"],"environment":"live"}""", "forbidden")]
    [TestCase("""{"name":"n","scopes":["a:read"],"networks":["0.0.0.0/0"]}""", "forbidden")]
    [TestCase("""{"name":"n","scopes":["a:read"],"audiences":["other"]}""", "forbidden")]
    public async Task Create_MoreThanTheCallerHas_IsRejected(string body, string code)
    {
        await using var app = await StartAsync();
        var refused = await app.PostAsync("/api-keys", await MakerAsync(app), body);
        Assert.That((refused.Status, refused.Code), Is.EqualTo((403, code)), refused.Body);
    }

    [TestCase("""{"name":"n","scopes":["a:read"]}""")]
    [TestCase(
        """
        {"name":"n","scopes":["a:read"],"rateLimits":["100/hour"],"expiresAt":"2026-06-29","networks":["127.0.0.1/32"],
         "audiences":["gw"]}
        """)]
    [TestCase("""{"name":"n","scopes":["keys:write"],"rateLimits":["1/minute"]}""")]
    [TestCase("""{"name":"n","scopes":["a:read"],"rateLimits":["100/day"]}""")]
    public async Task Create_WithinTheCallersRights_AppliesItsBoundsToDefaults(string body)
    {
        await using var app = await StartAsync();
        var made = await app.PostAsync("/api-keys", await MakerAsync(app), body);
        Assert.That(made.Status, Is.EqualTo(201), made.Body);
        Assert.That(made["expiresAt"], Is.AnyOf("2026-06-30", "2026-06-29"));
        Assert.That(made["rateLimits"], Does.StartWith("[\"1"));
        Assert.That(made["audiences"], Is.EqualTo("""["gw"]"""));
        Assert.That(made["networks"], Does.StartWith("[\"127.0.0."));
    }

    [Test]
    public async Task Create_ImpliedAndWildcardScopes_AreGrantable()
    {
        await using var app = await StartAsync();
        var full = await app.AdminAsync(null, "full");
        await app.CreateAsync(full, """{"name":"n","scopes":["a:read","full"]}""");
        var wild = await app.AdminAsync(null, "a:*");
        await app.CreateAsync(wild, """{"name":"n","scopes":["a:read","a:write","a:*"]}""");
        Assert.That((await app.PostAsync("/api-keys", wild, """{"name":"n","scopes":["*"]}""")).Status, Is.EqualTo(403));
        var all = await app.AdminAsync(null, "*");
        await app.CreateAsync(all, """{"name":"n","scopes":["*","full","b:read"]}""");
    }

    [Test]
    public async Task Create_DefaultsBeyondTheCaller_AreRejectedOrCapped()
    {
        await using var app = await ManagedApp.StartAsync(options =>
        {
            options.Scopes.Add(new ScopeDefinition { Name = "keys:write" });
            options.Scopes.Add(new ScopeDefinition { Name = "keys:read" });
            options.Scopes.Add(new ScopeDefinition { Name = "keys:verify" });
            options.Scopes.Add(
                new ScopeDefinition { Name = "a:read", GrantedByDefault = true, RateLimits = RateLimit.ParseList("500/hour") });
        });
        var without = await app.AdminAsync();
        Assert.That((await app.PostAsync("/api-keys", without, """{"name":"n"}""")).Code, Is.EqualTo("insufficient_scope"));
        var slow = await app.AdminAsync(key => key with { RateLimits = RateLimit.ParseList("10/hour") }, "a:read");
        Assert.That((await app.PostAsync("/api-keys", slow, """{"name":"n"}"""))["rateLimits"], Is.EqualTo("""["10/hour"]"""));
        var byDefault = await app.AdminAsync(null, "a:read");
        Assert.That((await app.PostAsync("/api-keys", byDefault, """{"name":"n","rateLimits":["501/hour"]}""")).Status, Is.EqualTo(403));
    }

    [TestCase("""{"scopes":["a:read","b:read"]}""", 403)]
    [TestCase("""{"rateLimits":["101/hour"]}""", 403)]
    [TestCase("""{"rateLimits":null}""", 403)]
    [TestCase("""{"expiresAt":"2026-07-01"}""", 403)]
    [TestCase("""{"expiresAt":null}""", 403)]
    [TestCase("""{"networks":null}""", 403)]
    [TestCase("""{"audiences":["gw","other"]}""", 403)]
    [TestCase("""{"scopes":[]}""", 200)]
    [TestCase("""{"rateLimits":["99/hour"]}""", 200)]
    [TestCase("""{"expiresAt":"2026-02-01"}""", 200)]
    [TestCase("""{"enabled":false}""", 200)]
    [TestCase("""{"name":"m","metadata":{"a":"b"}}""", 200)]
    public async Task Update_WideningBeyondTheCaller_IsRefusedAndNarrowingIsNot(string body, int status)
    {
        await using var app = await StartAsync();
        var maker = await MakerAsync(app);
        var (id, _) = await app.CreateAsync(maker);
        Assert.That((await app.PatchAsync($"/api-keys/{id}", maker, body)).Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Update_KeyWithMoreRights_MayBeNarrowedButNotWidenedEnabledOrRotated()
    {
        await using var app = await StartAsync();
        var maker = await MakerAsync(app);
        var (id, _) = await app.CreateAsync(await app.AdminAsync(null, "*"), """{"name":"n","scopes":["*"],"expiresAt":"2026-02-01"}""");
        var path = $"/api-keys/{id}";
        Assert.That((await app.PostAsync(path + "/rotate", maker, "{}")).Code, Is.EqualTo("insufficient_scope"));
        Assert.That((await app.PatchAsync(path, maker, """{"expiresAt":"2026-03-01"}""")).Status, Is.EqualTo(403));
        Assert.That((await app.PatchAsync(path, maker, """{"enabled":false}""")).Status, Is.EqualTo(200));
        Assert.That(
            (await app.PatchAsync(path, maker, """{"enabled":true}""")).Status, Is.EqualTo(403), "enabling a key with more rights");
        Assert.That((await app.PatchAsync(path, maker, """{"scopes":["a:read"],"rateLimits":["1/hour"]}""")).Status, Is.EqualTo(200));
        Assert.That((await app.PostAsync(path + "/revoke", maker)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Update_RemovedScopeSetTheLimit_KeepsTheLimit()
    {
        await using var app = await ManagedApp.StartAsync(options =>
        {
            foreach (var scope in new[] { "keys:read", "keys:write", "keys:verify", "b:read" })
            {
                options.Scopes.Add(new ScopeDefinition { Name = scope });
            }

            options.Scopes.Add(new ScopeDefinition { Name = "a:read", RateLimits = RateLimit.ParseList("5/hour") });
        });
        var maker = await app.AdminAsync(key => key with { RateLimits = RateLimit.ParseList("100/hour") }, "a:read", "b:read");
        var (id, _) = await app.CreateAsync(maker, """{"name":"n","scopes":["a:read","b:read"]}""");
        var cut = await app.PatchAsync($"/api-keys/{id}", maker, """{"scopes":["b:read"]}""");
        Assert.That((cut.Status, cut["rateLimits"]), Is.EqualTo((200, """["5/hour"]""")));
    }

    [Test]
    public async Task Rotate_Self_IsAlwaysAllowed()
    {
        await using var app = await StartAsync();
        var maker = await MakerAsync(app);
        Assert.That((await app.PostAsync("/api-keys/key1/rotate", maker, """{"graceSeconds":60}""")).Status, Is.EqualTo(200));
    }

    private static Task<ManagedApp> StartAsync() => ManagedApp.StartAsync(options =>
    {
        foreach (var scope in new[] { "keys:read", "keys:write", "keys:verify", "a:read", "a:write", "b:read" })
        {
            options.Scopes.Add(new ScopeDefinition { Name = scope });
        }

        options.Scopes.Add(new ScopeDefinition { Name = "full", Implies = ["a:read"] });
    }, keys: auth => auth.AddScheme("ApiKey", scheme => scheme.Audience = "gw"));

    private static Task<string> MakerAsync(ManagedApp app) => app.AdminAsync(
        key => key with
        {
            RateLimits = RateLimit.ParseList("100/hour"),
            ExpiresAt = new ApiKeyExpiry(new DateOnly(2026, 6, 30)),
            Networks = [IPNetwork.Parse("127.0.0.0/24")],
            Audiences = ["gw"],
        },
        "a:read");
}
