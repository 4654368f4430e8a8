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

namespace ApiKeyAuth.Tests.FrontDoor;

/// <summary>The calls that put API keys into an app: missing, repeated, in the wrong place.</summary>
public sealed class PipelineWiringTests
{
    private const int NoStore = 22;
    private const int AuthorizationTwice = 40;
    private const int InBranchOnly = 42;

    [Test]
    public async Task Endpoints_ThatTheAppCannotBuild_FailAsWithoutKeysAndNothingElseIsLogged()
    {
        var start = await StartUp.RunAsync(
            services => services.Services.AddApiKeyAuth(options => options.Management.MaxSecretAge = TimeSpan.FromDays(90)).AddInMemoryStore(),
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
    public async Task UseApiKeyAuth_Missing_StopsTheStartAndIsNamed()
    {
        var start = await StartUp.RunAsync(Keys, app => app.MapGet("/", () => "in").RequireScope("a"));
        Assert.That(start.Problems, Is.EqualTo(new[] { "UseApiKeyAuth() is not called, so no request would be limited and refusals would have no body; call app.UseApiKeyAuth() before the endpoints are mapped." }));
    }

    [Test]
    public async Task UseApiKeyAuth_MissingInAGenericHost_StopsTheStart()
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
    public async Task Endpoints_UnknownSchemeInAGenericHost_StopTheStart()
    {
        var start = await StartUp.RunGenericAsync(services => services.AddRouting().AddApiKeyAuth().AddInMemoryStore(), app => app
            .UseRouting().UseApiKeyAuth().UseEndpoints(endpoints => endpoints.MapGet("/", () => "in").RequireAuthorization(new RequireScopeAttribute("a") { AuthenticationSchemes = "Nowhere" })));
        Assert.That(start.Problems, Has.One.Items.And.Some.Contains("names the scheme Nowhere, which does not exist; there are ApiKey."));
    }

    [Test]
    public async Task UseApiKeyAuth_WithoutAddApiKeyAuth_NamesTheCall()
    {
        var start = await StartUp.RunAsync(_ => { });
        Assert.That(start.Error, Is.TypeOf<InvalidOperationException>().With.Message.EqualTo("UseApiKeyAuth() needs builder.Services.AddApiKeyAuth() before the app is built."));
    }

    [Test]
    public async Task UseApiKeyAuth_Twice_Throws()
    {
        var start = await StartUp.RunAsync(Keys, app => app.UseApiKeyAuth().UseApiKeyAuth());
        Assert.That(start.Error, Is.TypeOf<InvalidOperationException>().With.Message.StartsWith("UseApiKeyAuth() is called twice in one pipeline; remove one call"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task UseAuthorization_BesideUseApiKeyAuth_IsWarnedOf(bool before)
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
    public async Task UseAuthorization_AfterABranch_IsWarnedOf()
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
    public async Task UseAuthorization_BesideUseApiKeyAuthInAGenericHost_IsWarnedOf()
    {
        var start = await StartUp.RunGenericAsync(services => services.AddRouting().AddApiKeyAuth().AddInMemoryStore(), app => app
            .UseRouting().UseApiKeyAuth().UseAuthorization().UseEndpoints(_ => { }));
        Assert.That(start.Warnings, Is.EqualTo(new[] { AuthorizationTwice }));
    }

    [Test]
    public async Task UseApiKeyAuth_InABranchOnly_IsWarnedOf()
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
    public async Task Start_WithoutAStore_IsWarnedOf()
    {
        var start = await StartUp.RunAsync(builder => builder.Services.AddApiKeyAuth());
        Assert.That(start.Error, Is.Null);
        Assert.That(start.Warnings, Is.EqualTo(new[] { NoStore }));
    }

    [Test]
    public async Task Start_WithConfiguredKeysOrAStore_WarnsOfNothing()
    {
        var key = "{\"ApiKeyAuth\":{\"Keys\":[{\"Id\":\"a\",\"Hash\":\"sha256:" + new string('a', 64) + "\"}]}}";
        var configured = await StartUp.RunAsync(builder => builder.AddJson(key).Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth")));
        Assert.That(configured.Error, Is.Null);
        Assert.That(configured.Warnings, Is.Empty);
        var stored = await StartUp.RunAsync(Keys);
        Assert.That(stored.Warnings, Is.Empty);
    }

    [Test]
    public async Task Start_StoreThatIsDisposedOfAsynchronously_Starts()
    {
        var start = await StartUp.RunAsync(builder => builder.Services.AddApiKeyAuth().AddStore<AsyncStore>());
        Assert.That(start.Error, Is.Null);
        Assert.That(start.Warnings, Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Store_LivingAsLongAsTheApp_IsNotDisposedOfByALoad(bool registeredByTheApp)
    {
        DisposableStore? store = null;
        await using (var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireAuthorization(),
            keys: keys => keys.AddStore<DisposableStore>(registeredByTheApp ? ServiceLifetime.Scoped : ServiceLifetime.Singleton),
            services: services => _ = registeredByTheApp ? services.AddSingleton<DisposableStore>() : services))
        {
            store = app.Services.GetRequiredService<DisposableStore>();
            using var answer = await app.GetAsync("/", app.NewSecret());
            Assert.That((int)answer.StatusCode, Is.EqualTo(StatusCodes.Status401Unauthorized));
            Assert.That((store.Asked, store.IsDisposed), Is.EqualTo((2, false)), "asked by the warm-up and by the request");
        }

        Assert.That(store.IsDisposed);
    }

    [Test]
    public async Task ClaimsTransformation_DisposedOfAsynchronously_LetsKeysIn()
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireAuthorization(), services: services => services.AddScoped<IClaimsTransformation, AsyncTransformation>());
        using var answer = await app.GetAsync("/", await app.IssueAsync());
        Assert.That((int)answer.StatusCode, Is.EqualTo(StatusCodes.Status200OK));
    }

    [Test]
    public async Task Start_QuerySource_IsWarnedOfAndTheRequestLogIsSilent()
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireAuthorization(), keys: keys => keys.AddScheme("ApiKey", scheme => scheme.UnsafeQueryParameter = "api_key"));
        var secret = await app.IssueAsync();
        using var answer = await app.GetAsync("/?api_key=" + secret);
        Assert.That((int)answer.StatusCode, Is.EqualTo(StatusCodes.Status200OK));
        Assert.That(app.Logs.Entries, Has.One.Matches<LogCapture.Entry>(entry => entry.EventId == 41 && entry.Text.Contains("Scheme ApiKey", StringComparison.Ordinal)));
        Assert.That(app.Logs.Entries.Where(entry => entry.Text.Contains(secret, StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Options_SetUpWithALogger_StartAllTheSame()
    {
        // The log's filter asks the options whether a scheme reads the query, and these need the log.
        var start = await StartUp.RunAsync(builder =>
        {
            Keys(builder);
            builder.Services.AddSingleton<IConfigureOptions<ApiKeyAuthOptions>, LoggingSetup>();
        });
        Assert.That(start.Error, Is.Null);
        Assert.That(start.Logs.Entries, Has.Some.Matches<LogCapture.Entry>(entry => entry.Text.Contains("set up with a log", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Start_AddSchemeTwice_IsAnError()
    {
        var start = await StartUp.RunAsync(builder => builder.Services.AddApiKeyAuth().AddInMemoryStore().AddScheme("a").AddScheme("A").AddScheme("b"));
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
        public int Asked { get; private set; }

        public bool IsDisposed { get; private set; }

        public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
        {
            Asked++;
            return new((ApiKey?)null);
        }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class AsyncTransformation : IClaimsTransformation, IAsyncDisposable
    {
        public Task<System.Security.Claims.ClaimsPrincipal> TransformAsync(System.Security.Claims.ClaimsPrincipal principal) => Task.FromResult(principal);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class LoggingSetup(ILogger<LoggingSetup> logger) : IConfigureOptions<ApiKeyAuthOptions>
    {
        public void Configure(ApiKeyAuthOptions options) => logger.Log(LogLevel.Information, default, "set up with a log", null, (text, _) => text);
    }
}
