using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Dashboard.Hosting;

/// <summary>Tests the pages behind a reverse proxy, and in apps with Blazor, antiforgery and data protection of their own.</summary>
public sealed class DashboardHostTests
{
    private const string New = $"{DashboardApp.Path}/new";

    [Test]
    public async Task Pages_BehindAReverseProxyWithAPrefix_WorkAtThePublicAddress()
    {
        await using var app = await DashboardApp.StartAsync(keys =>
        {
            keys.AddInMemoryStore();
            keys.Services.Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = ForwardedHeaders.All);
            keys.Services.AddTransient<IStartupFilter, ForwardedHeadersFilter>();
        });
        await using var proxy = await DashboardProxy.StartAsync(app.Url);
        using var client = proxy.CreateClient();
        (await client.GetAsync($"{DashboardProxy.Prefix}/sign-in?user=ada&tenant=acme")).EnsureSuccessStatusCode();
        client.DefaultRequestHeaders.Add("Origin", proxy.Url);
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        using var created = await DashboardApp.PostAsync(
            client, DashboardProxy.Prefix + New, DashboardProxy.Prefix + New, ("name", "Behind a proxy"));
        using var shown = await client.GetAsync(created.Headers.Location);
        var html = await DashboardApp.ReadAsync(shown);
        var links = Regex.Matches(html, "(?:href|src|action)=\"([^#\"][^\"]*)\"").Select(match => match.Groups[1].Value).ToArray();

        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        Assert.That(created.Headers.Location!.OriginalString, Does.StartWith($"{DashboardProxy.Prefix}{DashboardApp.Path}/key/"));
        Assert.That(
            created.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("ApiKeyAuth.Secret=", StringComparison.Ordinal)),
            Does.Contain("; secure").And.Contain($"path={DashboardProxy.Prefix}{DashboardApp.Path};").And.Contain("; httponly"));
        Assert.That(html, Does.Contain($"curl -i '{proxy.Url}{DashboardProxy.Prefix}/'"));
        Assert.That(links, Is.Not.Empty.And.All.StartsWith(DashboardProxy.Prefix + DashboardApp.Path));
        foreach (var file in links.Where(link => link.Contains("/assets/", StringComparison.Ordinal)))
        {
            Assert.That((await client.GetAsync(file)).StatusCode, Is.EqualTo(HttpStatusCode.OK), file);
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Pages_BehindAProxyOnTheSameMachine_TrustNoOneAsLocal(bool readsForwardedHeaders)
    {
        await using var app = await DashboardApp.StartAsync(keys =>
        {
            keys.AddInMemoryStore();
            keys.Services.Configure<ForwardedHeadersOptions>(
                options => options.ForwardedHeaders = readsForwardedHeaders ? ForwardedHeaders.All : ForwardedHeaders.None);
            keys.Services.AddTransient<IStartupFilter, ForwardedHeadersFilter>();
        });
        var key = await app.AddKeyAsync("Not for visitors");
        await using var proxy = await DashboardProxy.StartAsync(app.Url);
        using var client = proxy.CreateClient();
        foreach (var page in new[] { "", "/overview", "/audit", "/audit.csv", "/new", "/alerts", $"/key/{key.Key.Id}" })
        {
            using var response = await client.GetAsync(DashboardProxy.Prefix + DashboardApp.Path + page);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), page);
            Assert.That(response.Headers.Location!.AbsolutePath, Does.EndWith("/Account/Login"), page);
            Assert.That(await response.Content.ReadAsStringAsync(), Is.Empty, page);
        }
    }

    [Test]
    public async Task Pages_InAnAppWithBlazor_AreShownWithoutItsLayout()
    {
        await using var app = await DashboardApp.StartAsync(
            keys =>
            {
                keys.AddInMemoryStore();
                keys.Services.AddRazorComponents();
                keys.Services.AddCascadingAuthenticationState();
            },
            use: web =>
            {
                web.UseAntiforgery();
                web.MapRazorComponents<BlazorPage>();
            });
        using var client = await app.SignInAsync();
        var page = await client.GetStringAsync("/blazor");
        using var created = await DashboardApp.PostAsync(client, New, New, ("name", "With Blazor"));

        Assert.That(page, Does.Contain("<h1>Page of the app</h1>"));
        Assert.That(await client.GetStringAsync(created.Headers.Location), Does.Contain("id=\"secret-value\""));
        Assert.That(await client.GetStringAsync(DashboardApp.Path), Does.Contain("With Blazor").And.Not.Contain("Page of the app"));
    }

    [Test]
    public async Task Pages_InAnAppThatCallsUseAntiforgery_ShareItsOptions()
    {
        await using var app = await DashboardApp.StartAsync(
            keys =>
            {
                keys.AddInMemoryStore();
                keys.Services.AddAntiforgery(options =>
                {
                    options.FormFieldName = "csrf";
                    options.HeaderName = "X-CSRF";
                    options.Cookie.Name = "app-csrf";
                });
            },
            use: web =>
            {
                web.UseAntiforgery();
                web.MapPost("/own-form", ([FromForm] string name) => name);
            });
        using var client = await app.SignInAsync();
        var token = WebUtility.HtmlDecode(
            Regex.Match(await client.GetStringAsync(New), "name=\"csrf\" value=\"([^\"]+)\"").Groups[1].Value);
        using var created = await client.PostAsync(New, DashboardApp.CreateForm(("name", "With a form"), ("csrf", token)));
        using var own = await client.PostAsync("/own-form", DashboardApp.CreateForm(("name", "Of the app"), ("csrf", token)));
        using var forged = await client.PostAsync(New, DashboardApp.CreateForm(("name", "Forged")));
        using var ownForged = await client.PostAsync("/own-form", DashboardApp.CreateForm(("name", "Forged")));

        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        Assert.That(await own.Content.ReadAsStringAsync(), Is.EqualTo("Of the app"));
        Assert.That(forged.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(ownForged.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Secret_OnAnotherNodeWithTheSameDataProtectionKeys_IsShown()
    {
        var folder = Directory.CreateTempSubdirectory("dashboard");
        var store = new InMemory.InMemoryApiKeyStore();
        try
        {
            await using var first = await StartAsync("app");
            await using var second = await StartAsync("app");
            await using var stranger = await StartAsync("another app");
            var cookies = new CookieContainer();
            using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies });
            (await client.GetAsync($"{first.Url}/sign-in?user=ada&tenant=acme")).EnsureSuccessStatusCode();
            using var created = await DashboardApp.PostAsync(client, first.Url + New, second.Url + New, ("name", "Two nodes"));
            var location = created.Headers.Location!.OriginalString;
            using var foreign = await client.GetAsync(stranger.Url + location);
            var html = await client.GetStringAsync(first.Url + location);

            Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
            Assert.That(foreign.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), "The other app cannot read the cookies.");
            Assert.That(html, Does.Contain("id=\"secret-value\""));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Task<DashboardApp> StartAsync(string name) => DashboardApp.StartAsync(keys =>
        {
            keys.AddStore(store);
            keys.Services.AddDataProtection().SetApplicationName(name).PersistKeysToFileSystem(folder);
        });
    }

    private sealed class ForwardedHeadersFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseForwardedHeaders();
            next(app);
        };
    }
}
