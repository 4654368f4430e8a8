using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Startup;

/// <summary>Tests the calls that add API keys to an app: missing, repeated, or in the wrong place.</summary>
public sealed class PipelineWiringTests
{
    private const int NoStore = 22;
    private const int AuthorizationTwice = 40;
    private const int InBranchOnly = 42;

    [Test]
    public async Task Start_InvalidEndpointOfTheApp_FailsWithItsOwnException()
    {
        var start = await StartUp.RunAsync(
            builder => builder.Services
                .AddApiKeyAuth(options => options.Management.MaxSecretAge = TimeSpan.FromDays(90))
                .AddInMemoryStore(),
            app =>
            {
                app.UseApiKeyAuth();
                app.MapGet("/", (StartUp body) => body.ToString()).RequireScope("a");
            });
        Assert.That(start.Error, Is.TypeOf<InvalidOperationException>().With.Message.Contains("inferred"));
        Assert.That(start.Error!.Message, Does.Not.Contain(StartUp.Heading));
        Assert.That(start.Everything, Does.Not.Contain(nameof(TaskCanceledException)));
    }

    [Test]
    public async Task UseApiKeyAuth_Missing_FailsAtStart()
    {
        var start = await StartUp.RunAsync(Keys, app => app.MapGet("/", () => "in").RequireScope("a"));
        Assert.That(start.Problems, Is.EqualTo(new[]
        {
            "UseApiKeyAuth() is not called, so requests would not be rate limited and error responses would have no body; "
            + "call app.UseApiKeyAuth() before the endpoints are mapped.",
        }));
    }

    [Test]
    public async Task UseApiKeyAuth_MissingInAGenericHost_FailsAtStart()
    {
        var start = await StartUp.RunGenericAsync(services => services.AddRouting().AddApiKeyAuth().AddInMemoryStore(), app => app
            .UseRouting().UseAuthentication().UseAuthorization()
            .UseEndpoints(endpoints => endpoints.MapGet("/", () => "in").RequireScope("a")));
        Assert.That(start.Problems, Has.One.Items.And.Some.StartsWith("UseApiKeyAuth() is not called"));
    }

    [Test]
    public async Task UseApiKeyAuth_InAGenericHost_Starts()
    {
        var start = await StartUp.RunGenericAsync(services => services.AddRouting().AddApiKeyAuth().AddInMemoryStore(), app => app
            .UseRouting().UseApiKeyAuth().UseEndpoints(endpoints => endpoints.MapGet("/", () => "in").RequireScope("a")));
        Assert.That(start.Error, Is.Null);
        Assert.That(start.Warnings, Is.Empty);
    }

    [Test]
    public async Task Start_UnknownSchemeInAGenericHost_Fails()
    {
        var start = await StartUp.RunGenericAsync(services => services.AddRouting().AddApiKeyAuth().AddInMemoryStore(), app => app
            .UseRouting().UseApiKeyAuth().UseEndpoints(endpoints => endpoints.MapGet("/", () => "in").RequireAuthorization(new RequireScopeAttribute("a") { AuthenticationSchemes = "Nowhere" })));
        Assert.That(start.Problems, Has.One.Items);
        Assert.That(start.Problems[0], Does.Contain("names the scheme Nowhere, which does not exist; the schemes are ApiKey."));
    }

    [Test]
    public async Task UseApiKeyAuth_WithoutAddApiKeyAuth_ThrowsWithTheCall()
    {
        var start = await StartUp.RunAsync(_ => { });
        Assert.That(start.Error, Is.TypeOf<InvalidOperationException>());
        Assert.That(start.Error!.Message, Is.EqualTo("UseApiKeyAuth() needs builder.Services.AddApiKeyAuth() before the app is built."));
    }

    [Test]
    public async Task UseApiKeyAuth_Twice_Throws()
    {
        var start = await StartUp.RunAsync(Keys, app => app.UseApiKeyAuth().UseApiKeyAuth());
        Assert.That(start.Error, Is.TypeOf<InvalidOperationException>());
        Assert.That(start.Error!.Message, Is.EqualTo("UseApiKeyAuth() is called twice in one pipeline; remove one call."));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task UseAuthorization_WithUseApiKeyAuth_Warns(bool before)
    {
        var start = await StartUp.RunAsync(Keys, app =>
        {
            _ = before ? app.UseAuthorization().UseApiKeyAuth() : app.UseApiKeyAuth().UseAuthorization();
            app.MapGet("/", () => "in").RequireScope("a");
        });
        Assert.That(start.Error, Is.Null);
        Assert.That(start.Warnings, Is.EqualTo(new[] { AuthorizationTwice }));
    }

    [Test]
    public async Task UseAuthorization_AfterABranch_Warns()
    {
        var start = await StartUp.RunAsync(Keys, app =>
        {
            app.UseApiKeyAuth().Map("/branch", branch => branch.UseApiKeyAuth());
            app.UseAuthorization();
            app.MapGet("/", () => "in").RequireScope("a");
        });
        Assert.That(start.Error, Is.Null);
        Assert.That(start.Warnings, Is.EqualTo(new[] { AuthorizationTwice }));
    }

    [Test]
    public async Task UseAuthorization_WithUseApiKeyAuthInAGenericHost_Warns()
    {
        var start = await StartUp.RunGenericAsync(services => services.AddRouting().AddApiKeyAuth().AddInMemoryStore(), app => app
            .UseRouting().UseApiKeyAuth().UseAuthorization().UseEndpoints(_ => { }));
        Assert.That(start.Warnings, Is.EqualTo(new[] { AuthorizationTwice }));
    }

    [Test]
    public async Task UseApiKeyAuth_InABranchOnly_Warns()
    {
        var start = await StartUp.RunAsync(Keys, app =>
        {
            app.UseWhen(context => context.Request.Path.StartsWithSegments("/api"), branch => branch.UseApiKeyAuth());
            app.MapGet("/elsewhere", () => "in").RequireScope("a");
        });
        Assert.That(start.Error, Is.Null);
        Assert.That(start.Warnings, Is.EqualTo(new[] { InBranchOnly }));
    }

    [Test]
    public async Task Start_WithoutAStore_Warns()
    {
        var start = await StartUp.RunAsync(builder => builder.Services.AddApiKeyAuth());
        Assert.That(start.Error, Is.Null);
        Assert.That(start.Warnings, Is.EqualTo(new[] { NoStore }));
    }

    [Test]
    public async Task Start_WithConfiguredKeysOrAStore_DoesNotWarn()
    {
        var key = "{\"ApiKeyAuth\":{\"Keys\":[{\"Id\":\"a\",\"Hash\":\"sha256:" + new string('a', 64) + "\"}]}}";
        var configured = await StartUp.RunAsync(
            builder => builder.AddJson(key).Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth")));
        Assert.That(configured.Error, Is.Null);
        Assert.That(configured.Warnings, Is.Empty);
        var stored = await StartUp.RunAsync(Keys);
        Assert.That(stored.Warnings, Is.Empty);
    }

    [Test]
    public async Task Start_AsyncDisposableStore_Succeeds()
    {
        var start = await StartUp.RunAsync(builder => builder.Services.AddApiKeyAuth().AddStore<AsyncStore>());
        Assert.That(start.Error, Is.Null);
        Assert.That(start.Warnings, Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Load_SingletonStore_DoesNotDisposeTheStore(bool registeredByTheApp)
    {
        DisposableStore? store = null;
        await using (var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireAuthorization(),
            keys: keys => keys.AddStore<DisposableStore>(registeredByTheApp ? ServiceLifetime.Scoped : ServiceLifetime.Singleton),
            services: services => _ = registeredByTheApp ? services.AddSingleton<DisposableStore>() : services))
        {
            store = app.Services.GetRequiredService<DisposableStore>();
            using var response = await app.GetAsync("/", app.NewSecret());
            Assert.That((int)response.StatusCode, Is.EqualTo(StatusCodes.Status401Unauthorized));
            Assert.That((store.CallCount, store.IsDisposed), Is.EqualTo((2, false)), "called by the warm-up and by the request");
        }

        Assert.That(store.IsDisposed);
    }

    [Test]
    public async Task Authenticate_AsyncDisposableClaimsTransformation_Succeeds()
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireAuthorization(),
            services: services => services.AddScoped<IClaimsTransformation, AsyncTransformation>());
        using var response = await app.GetAsync("/", await app.IssueAsync());
        Assert.That((int)response.StatusCode, Is.EqualTo(StatusCodes.Status200OK));
    }

    [Test]
    public async Task Start_QuerySource_WarnsAndDoesNotLogTheQuery()
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireAuthorization(),
            keys: keys => keys.AddScheme("ApiKey", scheme => scheme.UnsafeQueryParameter = "api_key"));
        var secret = await app.IssueAsync();
        using var response = await app.GetAsync("/?api_key=" + secret);
        Assert.That((int)response.StatusCode, Is.EqualTo(StatusCodes.Status200OK));
        Assert.That(app.Logs.Entries, Has.One.Matches<LogCapture.Entry>(
            entry => entry.EventId == 41 && entry.Text.Contains("Scheme ApiKey", StringComparison.Ordinal)));
        Assert.That(app.Logs.Entries.Where(entry => entry.Text.Contains(secret, StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Start_OptionsConfiguredWithALogger_Succeeds()
    {
        // The log filter reads the options to find a query source, and these options require a logger.
        var start = await StartUp.RunAsync(builder =>
        {
            Keys(builder);
            builder.Services.AddSingleton<IConfigureOptions<ApiKeyAuthOptions>, LoggingSetup>();
        });
        Assert.That(start.Error, Is.Null);
        Assert.That(start.Logs.Entries, Has.Some.Matches<LogCapture.Entry>(
            entry => entry.Text.Contains("configured with a logger", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Start_AddSchemeTwice_Fails()
    {
        var start = await StartUp.RunAsync(
            builder => builder.Services.AddApiKeyAuth().AddInMemoryStore().AddScheme("a").AddScheme("A").AddScheme("b"));
        Assert.That(start.Problems, Is.EqualTo(new[] { "ApiKeyAuth:Schemes: a is added 2 times; call AddScheme once for each name." }));
    }

    private static void Keys(WebApplicationBuilder builder) => builder.Services.AddApiKeyAuth().AddInMemoryStore();

    private sealed class AsyncStore : IApiKeyStore, IAsyncDisposable
    {
        public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken) => new((ApiKey?)null);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class DisposableStore : IApiKeyStore, IDisposable
    {
        public int CallCount { get; private set; }

        public bool IsDisposed { get; private set; }

        public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
        {
            CallCount++;
            return new((ApiKey?)null);
        }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class AsyncTransformation : IClaimsTransformation, IAsyncDisposable
    {
        public Task<System.Security.Claims.ClaimsPrincipal> TransformAsync(System.Security.Claims.ClaimsPrincipal principal) =>
            Task.FromResult(principal);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class LoggingSetup(ILogger<LoggingSetup> logger) : IConfigureOptions<ApiKeyAuthOptions>
    {
        public void Configure(ApiKeyAuthOptions options) =>
            logger.Log(LogLevel.Information, default, "configured with a logger", null, (text, _) => text);
    }
}
