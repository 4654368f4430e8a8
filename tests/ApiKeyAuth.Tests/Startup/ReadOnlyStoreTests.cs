using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Startup;

/// <summary>Tests that a host without a writable store starts in every environment.</summary>
public sealed class ReadOnlyStoreTests
{
    [Test]
    public async Task Start_KeysInTheConfigurationOnly_AcceptsThemInEveryEnvironment(
        [Values("Development", "Production")] string environment, [Values] bool isSlim)
    {
        await using var app = Build(environment, isSlim);
        app.UseApiKeyAuth();
        app.MapGet("/", () => "in").RequireScope("a:read");
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var anonymous = await client.GetAsync("/");
        client.DefaultRequestHeaders.Add("X-API-Key", Secret);
        Assert.That(((int)anonymous.StatusCode, await client.GetStringAsync("/")), Is.EqualTo((401, "in")));
    }

    [Test]
    public async Task ResolveManager_WithoutAWritableStore_ThrowsWithTheFix()
    {
        await using var app = Build("Development", isSlim: false);
        await using var scope = app.Services.CreateAsyncScope();
        Assert.That(
            () => scope.ServiceProvider.GetRequiredService<ApiKeyManager>(),
            Throws.InvalidOperationException.With.Message.Contains("AddInMemoryStore()"));
    }

    private static readonly string Secret = new ApiKeyFormat().Generate("live");

    private static WebApplication Build(string environment, bool isSlim)
    {
        var options = new WebApplicationOptions { EnvironmentName = environment };
        var builder = isSlim ? WebApplication.CreateSlimBuilder(options) : WebApplication.CreateBuilder(options);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ApiKeyAuth:Keys:one:Hash"] = new ApiKeyHasher([], null).Hash(Secret).Format(),
            ["ApiKeyAuth:Keys:one:Name"] = "One",
            ["ApiKeyAuth:Keys:one:Environment"] = "live",
            ["ApiKeyAuth:Keys:one:Scopes:0"] = "a:read",
        });
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth"));
        return builder.Build();
    }
}
