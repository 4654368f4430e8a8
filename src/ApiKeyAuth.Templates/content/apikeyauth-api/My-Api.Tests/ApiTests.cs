using System.Net;
#if (isManaged || openapi)
using System.Net.Http.Json;
using System.Text.Json;
#endif
using ApiKeyAuth.Testing.Apps;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
#if (dashboard)
using Microsoft.Extensions.DependencyInjection;
#endif

public sealed class ApiTests
{
    private WebApplicationFactory<Program> _factory = null!;

    [SetUp]
    public void Start() =>
        _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(builder => builder.UseEnvironment("Testing"));

    [TearDown]
    public async Task StopAsync() => await _factory.DisposeAsync();

    [Test]
    public async Task Orders_WithoutAKey_AreRefused()
    {
        using var client = _factory.CreateClient();

        Assert.That((await client.GetAsync("/orders")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Orders_WithAKeyThatMayReadThem_AreReturned()
    {
        await using var app = _factory.WithApiKey("orders:read");
        using var client = app.CreateClient();

        Assert.That(await client.GetStringAsync("/orders"), Does.Contain("order 1"));
        Assert.That((await client.PostAsync("/orders/2", null)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }
#if (isManaged)

    [Test]
    public async Task Keys_CreatedByHttp_CanBeUsed()
    {
        await using var app = _factory.WithApiKey("keys:write", "orders:read");
        using var admin = app.CreateClient();
        using var created = await admin.PostAsJsonAsync("/api-keys", new { name = "Billing", scopes = new[] { "orders:read" } });
        var key = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders") { Headers = { { "X-API-Key", key } } };

        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That((await admin.SendAsync(request)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
#endif
#if (openapi)

    [Test]
    public async Task Document_DescribesTheScopes()
    {
        using var client = _factory.CreateClient();
        var document = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        Assert.That(document.GetProperty("paths").GetProperty("/orders").GetRawText(), Does.Contain("orders:read"));
    }
#endif
#if (dashboard)

    [Test]
    public async Task Dashboard_OpenedByItsLink_IsSignedInOnce()
    {
        using var developer = _factory.CreateClient();
        using var stranger = _factory.CreateClient();
        var link = _factory.Services.GetRequiredService<DashboardSignIn>().Link;

        Assert.That((await stranger.GetAsync("/keys")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await developer.GetStringAsync(link), Does.Contain("/keys/new"));
        Assert.That(await developer.GetStringAsync("/keys"), Does.Contain("/keys/new"));
        Assert.That((await stranger.GetAsync(link)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }
#endif
}
