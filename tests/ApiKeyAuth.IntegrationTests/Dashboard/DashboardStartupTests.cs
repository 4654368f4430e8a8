using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Tests that an app with a public dashboard does not start.</summary>
public sealed class DashboardStartupTests
{
    [Test]
    public async Task Start_WithoutAuthorization_Throws()
    {
        await using var app = DashboardApp.Build(keys => keys.AddInMemoryStore(), new LogCapture());
        app.MapApiKeyDashboard("/keys");

        Assert.That(
            async () => await app.StartAsync(),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "MapApiKeyDashboard(\"/keys\") has no authorization policy, so anyone could manage API keys; call RequireAuthorization() "
                + "on it. A fallback policy does not count."));
    }

    [Test]
    public async Task Start_WithAFallbackPolicyOnly_Throws()
    {
        await using var app = DashboardApp.Build(
            keys => keys.AddInMemoryStore().Services.Configure<AuthorizationOptions>(
                options => options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()),
            new LogCapture());
        app.MapApiKeyDashboard("/keys");

        Assert.That(
            async () => await app.StartAsync(),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "MapApiKeyDashboard(\"/keys\") has no authorization policy, so anyone could manage API keys; call RequireAuthorization() "
                + "on it. A fallback policy does not count."));
    }

    [Test]
    public async Task Start_WithAllowAnonymous_Throws()
    {
        await using var app = DashboardApp.Build(keys => keys.AddInMemoryStore(), new LogCapture());
        app.MapGroup("/admin").AllowAnonymous().MapApiKeyDashboard("/keys").RequireAuthorization();

        Assert.That(
            async () => await app.StartAsync(),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "MapApiKeyDashboard(\"/keys\") allows anonymous callers, so anyone could manage API keys; remove AllowAnonymous() from it "
                + "or its group."));
    }

    [Test]
    public async Task Start_WithoutAWritableStore_Throws()
    {
        await using var app = DashboardApp.Build(_ => { }, new LogCapture());
        app.MapApiKeyDashboard("/keys").RequireAuthorization();

        Assert.That(
            async () => await app.StartAsync(),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "MapApiKeyDashboard(\"/keys\") requires a writable store; call AddInMemoryStore(), or AddStore<T>() with an "
                + "IWritableApiKeyStore."));
    }

    [Test]
    public void Map_WithoutTheServices_Throws()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth"));
        using var app = (IHost)builder.Build();

        Assert.That(
            () => ((WebApplication)app).MapApiKeyDashboard("/keys"),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "MapApiKeyDashboard() requires its services; call AddApiKeyAuth(…).AddDashboard() where the services are added."));
    }

    [TestCase("//evil.example")]
    [TestCase("/\\evil.example")]
    [TestCase("https://evil.example")]
    [TestCase("settings")]
    public async Task Map_WithAReturnPathOfAnotherSite_Throws(string path)
    {
        await using var app = DashboardApp.Build(keys => keys.AddInMemoryStore(), new LogCapture());

        Assert.That(
            () => app.MapApiKeyDashboard("/keys", options => options.ReturnPath = path),
            Throws.ArgumentException.With.Message.StartsWith(
                "ReturnPath must be a path of this site that starts with one slash, such as /settings."));
    }
}
