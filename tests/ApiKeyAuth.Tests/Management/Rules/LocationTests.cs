using Microsoft.AspNetCore.Builder;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests the location of a new key, as Kestrel reads the path.</summary>
public sealed class LocationTests
{
    private const string NewKey = """{"name":"n","scopes":["a:read"]}""";

    [TestCase("/orgs/M%C3%BCller/keys", "/orgs/M%C3%BCller/keys")]
    [TestCase("/orgs/Müller/keys", "/orgs/M%C3%BCller/keys")]
    [TestCase("/orgs/acme%20inc/keys", "/orgs/acme%20inc/keys")]
    [TestCase("/orgs/a%3Fb/keys", "/orgs/a%3Fb/keys")]
    [TestCase("/orgs/a%23b/keys", "/orgs/a%23b/keys")]
    [TestCase("/orgs/a%2Fb/keys", "/orgs/a%2Fb/keys")]
    [TestCase("/orgs/a%2541/keys", "/orgs/a%2541/keys")]
    [TestCase("/orgs/100%25/keys", "/orgs/100%25/keys")]
    [TestCase("/orgs/acme/keys/", "/orgs/acme/keys")]
    [TestCase("/orgs/acme/keys/?next=%0D%0A", "/orgs/acme/keys")]
    [TestCase("/orgs/%F0%9F%94%91%20/keys/", "/orgs/%F0%9F%94%91%20/keys")]
    public async Task Create_UnderARouteParameter_LocatesTheKey(string path, string collection)
    {
        await using var app = await StartAsync();
        await AssertLocatedAsync(app, path, collection);
    }

    [TestCase("/b%C3%BCro/orgs/M%C3%BCller/keys", "/b%C3%BCro/orgs/M%C3%BCller/keys")]
    [TestCase("/b%C3%BCro/orgs/acme/keys/", "/b%C3%BCro/orgs/acme/keys")]
    public async Task Create_PathBase_LocatesTheKey(string path, string collection)
    {
        await using var app = await StartAsync(web =>
        {
            web.UsePathBase("/büro");
            web.UseRouting();
        });
        await AssertLocatedAsync(app, path, collection);
    }

    private static Task<ManagedApp> StartAsync(Action<WebApplication>? before = null) =>
        ManagedApp.StartAsync(endpoints: web => web.MapApiKeys("/orgs/{org}/keys").RequireKeyScopes(), before: before);

    private static async Task AssertLocatedAsync(ManagedApp app, string path, string collection)
    {
        var admin = await app.AdminAsync(null, "a:read");

        var made = await app.PostAsync(path, admin, NewKey);

        Assert.That(made.Status, Is.EqualTo(201), made.Body);
        Assert.That(made.Header("Location"), Is.EqualTo($"{collection}/{made["id"]}"));
        Assert.That((await app.GetAsync(made.Header("Location")!, admin))["id"], Is.EqualTo(made["id"]));
    }
}
