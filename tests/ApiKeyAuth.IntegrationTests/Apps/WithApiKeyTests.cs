using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Testing.Apps;

namespace ApiKeyAuth.IntegrationTests.Apps;

/// <summary>Tests of an app with <c>WithApiKey</c>, which uses a real key and skips no check.</summary>
internal sealed class WithApiKeyTests
{
    private QuickstartFactory _quickstart = null!;
    private SmallApp _small = null!;

    [OneTimeSetUp]
    public void Create() => (_quickstart, _small) = (new QuickstartFactory(), new SmallApp());

    [OneTimeTearDown]
    public async Task DeleteAsync()
    {
        await _quickstart.DisposeAsync();
        await _small.DisposeAsync();
    }

    [TestCase("demo:read", HttpStatusCode.OK)]
    [TestCase("demo:write", HttpStatusCode.OK)]
    [TestCase("demo:*", HttpStatusCode.OK)]
    [TestCase("keys:read", HttpStatusCode.Forbidden)]
    public async Task Request_ByScope_IsAnsweredAsTheAppDoes(string scope, HttpStatusCode expected)
    {
        using var client = _quickstart.WithApiKey(scope).CreateClient();

        Assert.That((await client.GetAsync("/protected")).StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task Request_OfTheFactoryItself_StaysWithoutKey()
    {
        _ = _quickstart.WithApiKey("demo:read").CreateClient();
        using var client = _quickstart.CreateClient();

        Assert.That((await client.GetAsync("/protected")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Request_WithACredentialOfItsOwn_GoesAsItIs([Values("Authorization", "X-API-Key")] string header)
    {
        using var client = _quickstart.WithApiKey("demo:read").CreateClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, "Bearer demo_live_wrong");

        Assert.That((await client.GetAsync("/protected")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Request_BeyondTheKeysLimit_IsRejected()
    {
        using var client = _quickstart.WithApiKey(
            ["demo:read"], key => key with { RateLimits = RateLimit.ParseList("2/hour") }).CreateClient();

        var answers = new[]
        {
            await client.GetAsync("/protected"),
            await client.GetAsync("/protected"),
            await client.GetAsync("/protected"),
        };

        Assert.That(answers.Select(answer => (int)answer.StatusCode), Is.EqualTo(new[] { 200, 200, 429 }));
    }

    [TestCase("disabled")]
    [TestCase("revoked")]
    [TestCase("expired")]
    public async Task Request_WithAKeyThatEnded_IsRejected(string how)
    {
        using var client = _quickstart.WithApiKey(["demo:read"], key => how switch
        {
            "disabled" => key with { Enabled = false },
            "revoked" => key with { RevokedAt = key.CreatedAt },
            _ => key with { ExpiresAt = new ApiKeyExpiry(key.CreatedAt) },
        }).CreateClient();

        Assert.That((await client.GetAsync("/protected")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Request_ThatManagesKeys_WritesToTheAppsOwnStore()
    {
        await using var app = _quickstart.WithApiKey(["keys:write", "keys:read", "demo:read"], key => key with { TenantId = "acme" });
        using var client = app.CreateClient();

        var made = await client.PostAsJsonAsync("/api-keys", new { name = "made", scopes = new[] { "demo:read" } });
        var key = await made.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Add("X-API-Key", key.GetProperty("key").GetString());

        Assert.That(made.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(key.GetProperty("tenantId").GetString(), Is.EqualTo("acme"));
        Assert.That((await client.GetAsync("/protected")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await client.GetAsync("/api-keys")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task IssueApiKey_OfAnotherTenant_SeesNothingOfTheFirst()
    {
        await using var app = _quickstart.WithApiKey(["keys:*"], key => key with { TenantId = "acme" });
        using var client = app.CreateClient();
        var made = await (await client.PostAsJsonAsync("/api-keys", new { name = "made", scopes = new[] { "keys:read" } }))
            .Content.ReadFromJsonAsync<JsonElement>();
        var path = $"/api-keys/{made.GetProperty("id").GetString()}";
        Assert.That((await client.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        client.DefaultRequestHeaders.Add("X-API-Key", app.IssueApiKey(["keys:*"], key => key with { TenantId = "other" }));

        Assert.That((await client.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task WithApiKey_CalledTwice_SendsTheLaterKey()
    {
        using var client = _quickstart.WithApiKey("keys:read").WithApiKey("demo:read").CreateClient();

        Assert.That((await client.GetAsync("/protected")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("Agent", "/agent", "acme|ada|live|True|False")]
    [TestCase("Partner", "/partner", "acme|ada|test|False|True")]
    public async Task Scheme_Named_ReadsTheKeyFromItsHeader(string scheme, string path, string expected)
    {
        using var client = _small.WithApiKey(["leads:read"], key => key with { TenantId = "acme", OwnerId = "ada" }, scheme).CreateClient();

        Assert.That(await client.GetStringAsync(path), Is.EqualTo(expected));
    }

    [Test]
    public void Scope_NotInTheCatalog_IsNamedWithThoseThatAre() => Assert.That(
        () => _quickstart.WithApiKey("demo:read", "demo:reed").CreateClient(),
        Throws.InvalidOperationException.With.Message.Contains("\"demo:reed\"").And.Message.Contains("demo:read, demo:write, keys:read"));

    [Test]
    public void Scheme_OfSeveral_IsToBeNamed([Values(null, "Agnet")] string? scheme) => Assert.That(
        () => _small.WithApiKey(["leads:read"], configure: null, scheme).CreateClient(),
        Throws.InvalidOperationException.With.Message.Contains("Agent, Partner, Link").And.Message.Contains("scheme:"));

    [Test]
    public void Scheme_WithoutAHeader_IsRejected() => Assert.That(
        () => _small.WithApiKey(["leads:read"], configure: null, "Link").CreateClient(),
        Throws.InvalidOperationException.With.Message.Contains("Link reads keys from no header"));

    [Test]
    public void IssueApiKey_OfAnotherFactory_NamesTheCall() => Assert.That(
        () => _small.IssueApiKey(["leads:read"]), Throws.InvalidOperationException.With.Message.Contains("WithApiKey()"));
}
