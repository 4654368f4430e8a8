using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Dashboard;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Represents an app with users, tenants and dashboards, served by Kestrel.</summary>
internal sealed partial class DashboardApp : IAsyncDisposable
{
    public const string Path = "/settings/api-keys";
    public const string OwnPath = "/account/keys";
    public const string ReadOnlyPath = "/view/keys";

    private readonly WebApplication _app;

    private DashboardApp(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public LogCapture Logs { get; private init; } = new();

    public IEnumerable<RouteEndpoint> Endpoints =>
        _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <summary>Starts an app with the in-memory store, or with a relational store of its own.</summary>
    public static async Task<DashboardApp> StartAsync(
        Action<ApiKeyAuthBuilder>? addStore = null,
        string pathBase = "",
        Action<ApiKeyDashboardOptions>? configure = null,
        bool hasSchema = false,
        Action<WebApplication>? use = null)
    {
        var logs = new LogCapture();
        var app = Build(addStore ?? (keys => keys.AddInMemoryStore()), logs, pathBase);
        app.MapApiKeyDashboard(Path, configure).RequireAuthorization();
        app.MapApiKeyDashboard(OwnPath, options => options.SelfService = true).RequireAuthorization();
        app.MapApiKeyDashboard(ReadOnlyPath, options => options.IsReadOnly = true).RequireAuthorization();
        use?.Invoke(app);
        if (hasSchema)
        {
            await app.Services.MigrateApiKeysAsync();
        }

        await app.StartAsync();
        return new(app) { Logs = logs };
    }

    /// <summary>Builds an app without a dashboard.</summary>
    public static WebApplication Build(Action<ApiKeyAuthBuilder> addStore, LogCapture logs, string pathBase = "")
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(logs)
            .AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Debug);
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddAuthorization();
        builder.Services.AddScoped<IApiKeyOwnerPermissions, EveryPermission>();
        var keys = builder.Services.AddApiKeyAuth(options =>
        {
            options.Scopes.Add(new() { Name = "invoices:read", Description = "Read invoices", GrantedByDefault = true });
            options.Scopes.Add(new() { Name = "invoices:write", Description = "Write invoices", Implies = ["invoices:read"] });
            options.Scopes.Add(new() { Name = "reports:read", Description = "Read reports", RateLimits = RateLimit.ParseList("500/hour") });
            options.Scopes.Add(new() { Name = "payroll:read", Description = "Read the payroll" });

            // The tests are not about a slow store.
            options.Cache.StoreTimeout = TimeSpan.FromMinutes(1);
            options.Management.MayGrant = (_, scope) => scope != "payroll:read";
            options.Management.ManagesOthers = user => user.IsInRole("manager");
        });
        addStore(keys);
        keys.AddAlerts();
        keys.AddDashboard();
        var app = builder.Build();
        app.UsePathBase(pathBase);
        app.UseRouting();
        app.UseApiKeyAuth();
        app.MapGet("/", () => "ok").RequireScope("invoices:read");
        app.MapGet("/Account/Login", () => Results.Content("<title>Sign in</title><h1>Sign in</h1>", "text/html"));
        app.MapGet("/sign-in", async (HttpContext context, string user, string tenant, string? role) =>
        {
            var identity = new ClaimsIdentity(
                [
                    new(ClaimTypes.NameIdentifier, user), new(ApiKeyClaimTypes.TenantId, tenant), new(ClaimTypes.Role, role ?? "manager"),
                ],
                CookieAuthenticationDefaults.AuthenticationScheme);
            await context.SignInAsync(new ClaimsPrincipal(identity));
        });
        return app;
    }

    /// <summary>Creates a client with a user's cookies, which does not follow redirects.</summary>
    public async Task<HttpClient> SignInAsync(string user = "ada", string tenant = "acme", string role = "manager")
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new() })
        {
            BaseAddress = new Uri(Url),
        };
        (await client.GetAsync($"/sign-in?user={user}&tenant={tenant}&role={role}")).EnsureSuccessStatusCode();
        return client;
    }

    /// <summary>Creates a key of a tenant without the dashboard.</summary>
    public async Task<IssuedApiKey> AddKeyAsync(string name, string tenant = "acme", params string[] scopes)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var created = await scope.ServiceProvider.GetRequiredService<ApiKeyManager>()
            .CreateAsync(ApiKeyCaller.System, new NewApiKey { Name = name, TenantId = tenant, Scopes = scopes });
        return created.Value!;
    }

    public async Task<ApiKey?> FindKeyAsync(string id)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<ApiKeyManager>().GetAsync(ApiKeyCaller.System, id)).Value;
    }

    /// <summary>Calls a function with the services of the app.</summary>
    public async Task RunAsync(Func<IServiceProvider, Task> action)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        await action(scope.ServiceProvider);
    }

    /// <summary>Gets a page and posts the values to a path with the page's antiforgery token.</summary>
    public static async Task<HttpResponseMessage> PostAsync(
        HttpClient client, string page, string path, params (string Name, string Value)[] values)
    {
        var token = FindToken(await client.GetStringAsync(page));
        return await client.PostAsync(path, CreateForm([.. values, ("__RequestVerificationToken", token)]));
    }

    public static string FindToken(string html) => WebUtility.HtmlDecode(TokenRegex().Match(html).Groups[1].Value);

    public static FormUrlEncodedContent CreateForm(params (string Name, string Value)[] values) =>
        new(values.Select(value => KeyValuePair.Create(value.Name, value.Value)));

    public static async Task<string> ReadAsync(HttpResponseMessage response) =>
        WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex TokenRegex();

    private sealed class EveryPermission : IApiKeyOwnerPermissions
    {
        public ValueTask<ScopeSet?> GetAsync(string ownerId, string? tenantId, CancellationToken cancellationToken) =>
            new(ScopeSet.Create(["*"]));
    }
}
