using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;

namespace ApiKeyAuth.Tests.Management.CrossSite;

/// <summary>Another site cannot change keys with the cookie that the browser of a user sends.</summary>
public sealed class CrossSiteTests
{
    private const string FetchSite = "Sec-Fetch-Site";

    [TestCase(null, false)]
    [TestCase("cross-site", false)]
    [TestCase("same-site", false)]
    [TestCase("none", false)]
    [TestCase("", false)]
    [TestCase("Same-Origin", false)]
    [TestCase("same-origin, cross-site", false)]
    [TestCase("same-origin", true)]
    public async Task UnsafeEndpoint_CookieWithFetchSite_IsAllowedFromTheSameOriginOnly(string? site, bool isAllowed)
    {
        await using var app = await CookieApp.StartAsync(hasAntiforgery: true, CookieApp.Session);
        await AssertAsync(app, isAllowed, [("Cookie", await app.SignInAsync(CookieApp.Session)), .. Site(site)]);
    }

    [Test]
    public async Task UnsafeEndpoint_CookieWithFetchSiteTwice_IsRejected()
    {
        await using var app = await CookieApp.StartAsync(hasAntiforgery: true, CookieApp.Session);
        var cookie = await app.SignInAsync(CookieApp.Session);
        await AssertAsync(app, isAllowed: false, ("Cookie", cookie), (FetchSite, "same-origin"), (FetchSite, "cross-site"));
    }

    [TestCase(null)]
    [TestCase("cross-site")]
    public async Task UnsafeEndpoint_CookieWithAValidToken_IsAllowed(string? site)
    {
        await using var app = await CookieApp.StartAsync(hasAntiforgery: true, CookieApp.Session);
        var (token, cookies) = await app.TokenAsync(CookieApp.Session, await app.SignInAsync(CookieApp.Session));
        await AssertAsync(
            app, isAllowed: true, [("Cookie", cookies), ("RequestVerificationToken", token), .. Site(site)]);
    }

    [TestCase("another", true)]
    [TestCase("none", true)]
    [TestCase("valid", false)]
    public async Task UnsafeEndpoint_CookieWithAnInvalidToken_IsRejected(string which, bool hasCookie)
    {
        await using var app = await CookieApp.StartAsync(hasAntiforgery: true, CookieApp.Session);
        var session = await app.SignInAsync(CookieApp.Session);
        var (token, cookies) = await app.TokenAsync(CookieApp.Session, session);
        var sent = which switch
        {
            "valid" => token,
            "another" => (await app.TokenAsync(CookieApp.Session, session)).Token,
            _ => "x",
        };
        await AssertAsync(app, isAllowed: false, ("Cookie", hasCookie ? cookies : session), ("RequestVerificationToken", sent));
    }

    [Test]
    public async Task UnsafeEndpoint_AppWithoutAntiforgery_AcceptsNoToken()
    {
        await using var app = await CookieApp.StartAsync(hasAntiforgery: false, CookieApp.Session);
        await AssertAsync(app, isAllowed: false, ("Cookie", await app.SignInAsync(CookieApp.Session)), ("RequestVerificationToken", "x"));
    }

    [Test]
    public async Task Create_JsonBodyWithAValidToken_Creates()
    {
        await using var app = await CookieApp.StartAsync(hasAntiforgery: true, CookieApp.Session);
        var (token, cookies) = await app.TokenAsync(CookieApp.Session, await app.SignInAsync(CookieApp.Session));
        app.App.App.Client.DefaultRequestHeaders.Add("Cookie", cookies);
        Assert.That((await app.App.PostAsync("/api-keys", null, """{"name":"n"}""")).Status, Is.EqualTo(403));
        app.App.App.Client.DefaultRequestHeaders.Add("RequestVerificationToken", token);
        Assert.That((await app.App.PostAsync("/api-keys", null, """{"name":"n"}""")).Status, Is.EqualTo(201));
    }

    [Test]
    public async Task SafeEndpoint_Cookie_IsAllowed()
    {
        await using var app = await CookieApp.StartAsync(hasAntiforgery: true, CookieApp.Session);
        var cookie = ("Cookie", await app.SignInAsync(CookieApp.Session));
        foreach (var path in new[] { "", "/key1", "/key1/audit", "/key1/usage", "/key1/alerts", "/alerts" })
        {
            var (status, _) = await app.SendAsync(HttpMethod.Get, "/api-keys" + path, cookie, (FetchSite, "cross-site"));
            Assert.That(status, Is.EqualTo(200), path);
        }
    }

    [TestCase(CookieApp.Derived, CookieApp.Derived)]
    [TestCase(CookieApp.Either, CookieApp.Session)]
    public async Task UnsafeEndpoint_AnotherCookieScheme_IsCheckedToo(string scheme, string signIn)
    {
        await using var app = await CookieApp.StartAsync(hasAntiforgery: true, scheme);
        var cookie = ("Cookie", await app.SignInAsync(signIn));
        await AssertAsync(app, isAllowed: false, cookie);
        await AssertAsync(app, isAllowed: true, cookie, (FetchSite, "same-origin"));
    }

    [TestCase(CookieApp.TokenInCookie, "jwt")]
    [TestCase(CookieApp.OwnCookie, "own")]
    public async Task UnsafeEndpoint_HandlerThatReadsACookie_IsCheckedToo(string scheme, string name)
    {
        await using var app = await CookieApp.StartAsync(hasAntiforgery: true, scheme);
        var cookie = ("Cookie", $"{name}={Jwts.Create()}");
        await AssertAsync(app, isAllowed: false, cookie);
        await AssertAsync(app, isAllowed: false, cookie, ("Authorization", "Basic dTpw"));
        await AssertAsync(app, isAllowed: true, cookie, (FetchSite, "same-origin"));
    }

    [TestCase(false, CookieApp.Jwt)]
    [TestCase(true, CookieApp.Jwt)]
    [TestCase(true, CookieApp.Either)]
    public async Task UnsafeEndpoint_OnlyTokensAccepted_IsAllowed(bool hasCookie, string scheme)
    {
        await using var app = await CookieApp.StartAsync(hasAntiforgery: true, scheme);
        var cookie = hasCookie ? new[] { ("Cookie", await app.SignInAsync(CookieApp.Session)) } : [];
        await AssertAsync(app, isAllowed: true, [("Authorization", "Bearer " + Jwts.Create()), (FetchSite, "cross-site"), .. cookie]);
    }

    [Test]
    public async Task UnsafeEndpoint_TokenAndForeignCookie_IsAllowed()
    {
        await using var app = await CookieApp.StartAsync(hasAntiforgery: true, CookieApp.Session, CookieApp.Jwt);
        await AssertAsync(app, isAllowed: true, ("Authorization", "Bearer " + Jwts.Create()), ("Cookie", "theme=dark; Cookies=x"));
    }

    [TestCase(CookieApp.Session, CookieApp.Jwt)]
    [TestCase(CookieApp.Jwt, CookieApp.Session)]
    public async Task UnsafeEndpoint_AcceptedTokenAndCookie_IsChecked(string first, string second)
    {
        await using var app = await CookieApp.StartWithScopeAsync("keys:write", first, second);
        var token = ("Authorization", "Bearer " + Jwts.Create(("scope", "keys:write")));
        var cookie = ("Cookie", await app.SignInAsync(CookieApp.Session));
        await AssertAsync(app, isAllowed: false, cookie, token);
        await AssertAsync(app, isAllowed: true, cookie, token, (FetchSite, "same-origin"));
    }

    [Test]
    public async Task UnsafeEndpoint_CookieAndInvalidToken_IsChecked()
    {
        await using var app = await CookieApp.StartAsync(hasAntiforgery: true, CookieApp.Session, CookieApp.Jwt);
        var cookie = ("Cookie", await app.SignInAsync(CookieApp.Session));
        await AssertAsync(app, isAllowed: false, cookie, ("Authorization", "Bearer x.y.z"));
    }

    [TestCase(CookieApp.Session, "ApiKey")]
    [TestCase("ApiKey")]
    public async Task UnsafeEndpoint_KeyAndCookie_IsAllowed(params string[] schemes)
    {
        await using var app = await CookieApp.StartWithScopeAsync("keys:write", schemes);
        var secret = await app.App.AdminAsync();
        var cookie = await app.SignInAsync(CookieApp.Session);
        await AssertAsync(app, isAllowed: true, ("X-API-Key", secret), ("Cookie", cookie), (FetchSite, "cross-site"));
    }

    [Test]
    public async Task UnsafeEndpoint_RejectedKeyAndCookie_IsChecked()
    {
        await using var app = await CookieApp.StartAsync(hasAntiforgery: true, CookieApp.Session, "ApiKey");
        var cookie = await app.SignInAsync(CookieApp.Session);
        await AssertAsync(app, isAllowed: false, ("X-API-Key", app.App.App.NewSecret()), ("Cookie", cookie));
    }

    [Test]
    public async Task RevokeLeaked_Cookie_IsAllowedForAnyHolderOfTheSecret()
    {
        await using var app = await CookieApp.StartAsync(hasAntiforgery: true, CookieApp.Session);
        var secret = await app.App.App.IssueAsync();
        app.App.App.Client.DefaultRequestHeaders.Add("Cookie", await app.SignInAsync(CookieApp.Session));
        Assert.That((await app.App.PostAsync("/api-keys/revoke-leaked", null, $$"""{"key":"{{secret}}"}""")).Status, Is.EqualTo(204));
    }

    private static (string Name, string Value)[] Site(string? site) => site is null ? [] : [(FetchSite, site)];

    /// <summary>Sends a request without a body to every unsafe endpoint. An allowed request may be rejected for another reason.</summary>
    private static async Task AssertAsync(CookieApp app, bool isAllowed, params (string Name, string Value)[] headers)
    {
        var all = app.Unsafe.OrderBy(endpoint => endpoint.Method == HttpMethod.Delete).ToList();
        Assert.That(all, Has.Count.GreaterThanOrEqualTo(10));
        Task<ApiKey?> KeyAsync() => app.App.Store.Inner.GetAsync("key1", CancellationToken.None).AsTask();
        var before = await KeyAsync();
        foreach (var (method, path) in all)
        {
            var (status, body) = await app.SendAsync(method, path, headers);
            var isRefused = status == 403 && body.Contains("Sec-Fetch-Site: same-origin", StringComparison.Ordinal);
            Assert.That((isRefused, status == 401), Is.EqualTo((!isAllowed, false)), $"{method} {path}: {body}");
        }

        if (!isAllowed)
        {
            Assert.That((await KeyAsync())?.Version, Is.EqualTo(before?.Version), "nothing changed");
        }
        else if (before is not null)
        {
            Assert.That(await KeyAsync(), Is.Null, "deleted last");
        }
    }
}
