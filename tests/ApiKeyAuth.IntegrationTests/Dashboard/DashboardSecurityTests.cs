using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Tests headers, forms of other sites, tenants and the encoding of names.</summary>
public sealed class DashboardSecurityTests
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly string[] Pages = ["", "/new", "/audit", "/key/{0}", "/key/{0}/edit", "/key/{0}/rotate", "/key/missing"];

    private DashboardApp _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _app = await DashboardApp.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [TestCaseSource(nameof(Pages))]
    public async Task Get_AnyPage_HasTheSecurityHeaders(string page)
    {
        var key = await _app.AddKeyAsync("Headers");
        using var client = await _app.SignInAsync();
        using var response = await client.GetAsync($"{DashboardApp.Path}{page.Replace("{0}", key.Key.Id)}");
        var html = await response.Content.ReadAsStringAsync();

        Assert.That(response.Headers.GetValues("Content-Security-Policy"), Is.EqualTo(new[] { Policy }));
        Assert.That(response.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
        Assert.That(response.Headers.GetValues("X-Frame-Options"), Is.EqualTo(new[] { "DENY" }));
        Assert.That(response.Headers.GetValues("Referrer-Policy"), Is.EqualTo(new[] { "same-origin" }));
        Assert.That(response.Headers.GetValues("Cross-Origin-Opener-Policy"), Is.EqualTo(new[] { "same-origin" }));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("no-store"));
        Assert.That(html, Does.Not.Contain("<style").And.Not.Contain(" style=").And.Not.Contain("javascript:"));
        Assert.That(html, Does.Not.Match("<script(?! src=)").And.Not.Match(" on[a-z]+="));
    }

    [Test]
    public async Task Get_Assets_AreImmutableAndCompressed()
    {
        using var client = await _app.SignInAsync();
        var html = await client.GetStringAsync(DashboardApp.Path);
        var paths = System.Text.RegularExpressions.Regex.Matches(html, "\"(/settings/api-keys/assets/[^\"]+)\"")
            .Select(match => match.Groups[1].Value).Distinct().ToArray();
        Assert.That(paths, Has.Length.EqualTo(3), html);
        long size = html.Length;
        foreach (var path in paths)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptEncoding.ParseAdd("br");
            using var response = await client.SendAsync(request);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
            Assert.That(
                response.Headers.GetValues("Cache-Control").Single().Split(", "),
                Is.EquivalentTo(new[] { "public", "max-age=31536000", "immutable" }));
            Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "br" }));
            size += response.Content.Headers.ContentLength!.Value;
        }

        Assert.That(size, Is.LessThan(60_000));
        Assert.That((await client.GetAsync($"{DashboardApp.Path}/assets/dashboard.css")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Get_SignedOut_RedirectsToTheSignInPage()
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_app.Url) };
        using var response = await client.GetAsync(DashboardApp.Path);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(response.Headers.Location!.AbsolutePath, Is.EqualTo("/Account/Login"));
    }

    [TestCase("no token")]
    [TestCase("Origin", "null")]
    [TestCase("Sec-Fetch-Site", "cross-site")]
    [TestCase("Sec-Fetch-Site", "same-site")]
    public async Task Post_FromAnotherSite_Returns403AndChangesNothing(string header, string? value = null)
    {
        var key = await _app.AddKeyAsync("Victim");
        using var client = await _app.SignInAsync();
        var path = $"{DashboardApp.Path}/key/{key.Key.Id}/disable";
        if (value is not null)
        {
            client.DefaultRequestHeaders.Add(header, value);
        }

        using var response = value is null
            ? await client.PostAsync(path, DashboardApp.CreateForm(("x", "1")))
            : await DashboardApp.PostAsync(client, $"{DashboardApp.Path}/new", path);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await _app.FindKeyAsync(key.Key.Id))!.Enabled);
    }

    [Test]
    public async Task Post_ToAnyPageWithoutAValidToken_Returns403AndChangesNothing()
    {
        var key = await _app.AddKeyAsync("Target", scopes: "invoices:read");
        using var client = await _app.SignInAsync();
        using var other = await _app.SignInAsync("eve");
        var foreign = DashboardApp.FindToken(await other.GetStringAsync($"{DashboardApp.Path}/new"));
        var paths = _app.Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)
            .Select(endpoint => $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}".Replace("{id}", key.Key.Id, StringComparison.Ordinal))
            .Where(path => path.StartsWith(DashboardApp.Path, StringComparison.Ordinal)).ToArray();
        foreach (var path in paths)
        {
            foreach (var token in new[] { null, "", "not-a-token", foreign })
            {
                (string, string)[] values =
                [
                    ("name", "Target"), ("id", key.Key.Id), ("action", "delete"), ("version", "1"), ("grace", "0"),
                    ("scope", "invoices:read"),
                ];
                using var response = await client.PostAsync(
                    path, DashboardApp.CreateForm(token is null ? values : [.. values, ("__RequestVerificationToken", token)]));
                Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), path);
            }

            using var json = await client.PostAsync(path, new StringContent("{}", null, "application/json"));
            Assert.That(json.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), path);
        }

        var kept = (await _app.FindKeyAsync(key.Key.Id))!;
        Assert.That(paths, Has.Length.GreaterThanOrEqualTo(13));
        Assert.That((kept.Version, kept.Enabled, kept.Scopes.Count), Is.EqualTo((1, true, 1)));
    }

    [TestCase("//evil.example")]
    [TestCase("/\\evil.example")]
    [TestCase("https://evil.example")]
    public async Task ReturnUrl_OfAnotherSite_IsNotFollowed(string url)
    {
        var key = await _app.AddKeyAsync("Returned");
        using var client = await _app.SignInAsync();
        var query = $"?returnUrl={Uri.EscapeDataString(url)}&ReturnUrl={Uri.EscapeDataString(url)}";
        foreach (var page in new[] { "", "/new", "/audit", $"/key/{key.Key.Id}", $"/key/{key.Key.Id}/edit", "/key/missing" })
        {
            using var response = await client.GetAsync(DashboardApp.Path + page + query);
            Assert.That(await DashboardApp.ReadAsync(response), Does.Not.Contain("evil.example"), page);
        }

        var path = $"{DashboardApp.Path}/key/{key.Key.Id}";
        using var posted = await DashboardApp.PostAsync(client, path, $"{path}/disable{query}", ("returnUrl", url));
        using var redirected = await client.GetAsync($"{path}/disable{query}");
        using var visitor = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_app.Url) };
        using var signIn = await visitor.GetAsync(DashboardApp.Path + query);

        Assert.That(posted.Headers.Location!.OriginalString, Is.EqualTo($"{path}?notice=disabled"));
        Assert.That(redirected.Headers.Location!.OriginalString, Is.EqualTo(path));
        Assert.That(
            Uri.UnescapeDataString(signIn.Headers.Location!.Query), Does.StartWith($"?ReturnUrl={DashboardApp.Path}?returnUrl="));
    }

    [Test]
    public async Task Get_KeyOfAnotherTenant_ReadsLikeAnUnknownOne()
    {
        var key = await _app.AddKeyAsync("Foreign", "other");
        using var client = await _app.SignInAsync();
        foreach (var page in new[] { "", "/edit", "/rotate", "/revoke", "/delete", "/secret", "/first-use", "/alerts" })
        {
            using var foreign = await client.GetAsync($"{DashboardApp.Path}/key/{key.Key.Id}{page}");
            using var unknown = await client.GetAsync($"{DashboardApp.Path}/key/key_unknown{page}");
            Assert.That(foreign.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), page);
            Assert.That(
                await foreign.Content.ReadAsStringAsync(), Is.EqualTo(await unknown.Content.ReadAsStringAsync()), page);
        }

        using var deleted = await DashboardApp.PostAsync(
            client, $"{DashboardApp.Path}/new", $"{DashboardApp.Path}/bulk", ("action", "delete"), ("id", key.Key.Id));
        Assert.That(deleted.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        string[] actions =
        [
            "edit", "rotate", "revoke", "delete", "disable", "enable", "narrow", "rotate/complete", "rotate/cancel", "alerts",
        ];
        foreach (var action in actions)
        {
            using var changed = await DashboardApp.PostAsync(
                client,
                $"{DashboardApp.Path}/new",
                $"{DashboardApp.Path}/key/{key.Key.Id}/{action}",
                ("name", "Foreign"),
                ("grace", "0"),
                ("version", "1"));
            Assert.That(changed.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), action);
        }

        Assert.That((await _app.FindKeyAsync(key.Key.Id))!.Version, Is.EqualTo(1));
    }

    [TestCase("<img src=x onerror=alert(1)>")]
    [TestCase("</script><script>alert(1)</script>")]
    [TestCase("\" autofocus onfocus=\"alert(1)")]
    public async Task Get_NameWithMarkup_IsEncoded(string name)
    {
        var key = await _app.AddKeyAsync(name);
        using var client = await _app.SignInAsync();
        foreach (var page in new[] { "", $"/key/{key.Key.Id}", $"/key/{key.Key.Id}/edit", $"/key/{key.Key.Id}/delete" })
        {
            var html = await client.GetStringAsync(DashboardApp.Path + page);
            Assert.That(html, Does.Not.Contain(name), page);
            Assert.That(WebUtility.HtmlDecode(html), Does.Contain(name), page);
        }

        var search = await client.GetStringAsync($"{DashboardApp.Path}?q={Uri.EscapeDataString(name)}");
        Assert.That(search, Does.Not.Contain(name));
        using var entered = await DashboardApp.PostAsync(
            client, $"{DashboardApp.Path}/new", $"{DashboardApp.Path}/new", ("name", name), ("rateLimits", name));
        Assert.That(await entered.Content.ReadAsStringAsync(), Does.Not.Contain(name));
    }

    [Test]
    public async Task ReadOnly_AllChanges_AreRejected()
    {
        var key = await _app.AddKeyAsync("Read only");
        using var client = await _app.SignInAsync();
        var list = await client.GetStringAsync(DashboardApp.ReadOnlyPath);

        Assert.That(list, Does.Contain("Read only").And.Not.Contain("/new").And.Not.Contain("/bulk"));
        Assert.That((await client.GetAsync($"{DashboardApp.ReadOnlyPath}/new")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        using var response = await DashboardApp.PostAsync(
            client, $"{DashboardApp.Path}/new", $"{DashboardApp.ReadOnlyPath}/key/{key.Key.Id}/disable");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await _app.FindKeyAsync(key.Key.Id))!.Enabled);
    }

    [Test]
    public async Task Viewer_WithoutCanManage_SeesKeysAndChangesNothing()
    {
        await using var app = await DashboardApp.StartAsync(
            configure: options => options.CanManage = user => !user.HasClaim(ClaimTypes.NameIdentifier, "eve"));
        var key = await app.AddKeyAsync("Seen by all");
        using var viewer = await app.SignInAsync("eve");
        using var manager = await app.SignInAsync();
        var token = DashboardApp.FindToken(await viewer.GetStringAsync($"{DashboardApp.OwnPath}/new"));
        using var changed = await viewer.PostAsync(
            $"{DashboardApp.Path}/key/{key.Key.Id}/disable", DashboardApp.CreateForm(("__RequestVerificationToken", token)));

        Assert.That(
            await viewer.GetStringAsync(DashboardApp.Path), Does.Contain("Seen by all").And.Not.Contain("Create key"));
        Assert.That(await manager.GetStringAsync(DashboardApp.Path), Does.Contain("Create key"));
        Assert.That(changed.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await app.FindKeyAsync(key.Key.Id))!.Enabled);
    }

    [Test]
    public async Task User_WhoManagesNoOthers_SeesOnlyTheirOwnKeys()
    {
        var other = await _app.AddKeyAsync("Of the organization");
        using var member = await _app.SignInAsync("hopper", role: "member");
        var list = await member.GetStringAsync(DashboardApp.Path);
        using var foreign = await member.GetAsync($"{DashboardApp.Path}/key/{other.Key.Id}");
        using var alerts = await member.GetAsync($"{DashboardApp.Path}/alerts");
        using var audit = await member.GetAsync($"{DashboardApp.Path}/audit");

        Assert.That(list, Does.Contain("No keys yet").And.Not.Contain("Of the organization"));
        Assert.That(foreign.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(alerts.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(audit.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task SelfService_AnyUser_SeesAndCreatesOnlyTheirOwnPersonalKeys()
    {
        var other = await _app.AddKeyAsync("Service key");
        using var client = await _app.SignInAsync("grace");
        using var created = await DashboardApp.PostAsync(
            client, $"{DashboardApp.OwnPath}/new", $"{DashboardApp.OwnPath}/new", ("name", "Mine"));
        var id = created.Headers.Location!.OriginalString.Split('/')[^2];
        var key = await _app.FindKeyAsync(id);
        var list = await client.GetStringAsync(DashboardApp.OwnPath);

        Assert.That((key!.Kind, key.OwnerId, key.TenantId), Is.EqualTo(("personal", "grace", "acme")));
        Assert.That(list, Does.Contain("Mine").And.Not.Contain("Service key"));
        Assert.That(
            (await client.GetAsync($"{DashboardApp.OwnPath}/key/{other.Key.Id}")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        using var service = await DashboardApp.PostAsync(
            client, $"{DashboardApp.OwnPath}/new", $"{DashboardApp.OwnPath}/new", ("name", "Theirs"), ("kind", "service"));
        Assert.That(service.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }
}
