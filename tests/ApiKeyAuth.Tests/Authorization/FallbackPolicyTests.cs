using System.Net;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>Policies of an app whose default scheme is not the key scheme.</summary>
[TestFixture("cookie")]
[TestFixture("jwt")]
public sealed class FallbackPolicyTests(string scheme)
{
    private TestApp _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _app = await MixedApp.StartAsync(scheme, options: options => options.RateLimiting.FailedAuthentications = null);

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [Test]
    public async Task FallbackPolicy_OfScopes_IsMetByAKeyWithAndWithoutAnEndpoint()
    {
        await using var app = await MixedApp.StartAsync(
            scheme, web => web.MapGet("/bare", () => "in"),
            services: services => services.AddAuthorizationBuilder().SetFallbackPolicy(
                new AuthorizationPolicyBuilder().RequireScope("a").Build()));
        var key = await app.IssueAsync(key => key with { Scopes = TestApp.Scopes("a") });
        using var bare = await app.CallAsync("/bare", key: key);
        using var nowhere = await app.CallAsync("/nowhere", key: key);
        using var bad = await app.CallAsync("/nowhere", html: true, app.NewSecret());
        Assert.That(bare.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(nowhere.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        await bad.AssertRefusedAsync(401, "invalid_api_key");
    }

    [Test]
    public async Task RequireAuthorization_WithoutScopes_UsesOnlyTheDefaultScheme()
    {
        using var nothing = await _app.CallAsync("/any");
        using var key = await _app.CallAsync("/any", key: await KeyAsync("a"));
        foreach (var response in new[] { nothing, key })
        {
            Assert.That(response.StatusCode, Is.EqualTo(scheme is "cookie" ? HttpStatusCode.Redirect : HttpStatusCode.Unauthorized));
            Assert.That(await response.BodyAsync(), Is.Empty);
        }
    }

    private Task<string> KeyAsync(params string[] scopes) => _app.IssueAsync(key => key with { Scopes = TestApp.Scopes(scopes) });
}
