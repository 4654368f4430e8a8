using ApiKeyAuth.Authentication;
using ApiKeyAuth.Tests.Startup;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Registration;

/// <summary>Tests <c>AddAuthentication().AddApiKey()</c> in its overloads.</summary>
public sealed class AddApiKeyTests
{
    [Test]
    public async Task AddApiKey_NoArguments_AddsTheDefaultScheme()
    {
        var builder = StartUp.CreateBuilder("Production", out _);
        builder.Services.AddAuthentication().AddApiKey().AddJwtBearer();
        await using var app = builder.Build();
        Assert.That(
            await SchemesAsync(app),
            Is.EquivalentTo(new[] { ApiKeyDefaults.AuthenticationScheme, JwtBearerDefaults.AuthenticationScheme }));
    }

    [Test]
    public async Task AddApiKey_Delegate_ConfiguresTheDefaultScheme()
    {
        var builder = StartUp.CreateBuilder("Production", out _);
        builder.Services.AddAuthentication().AddApiKey(options => options.Realm = "r");
        await using var app = builder.Build();
        Assert.That(SchemeOptions(app, ApiKeyDefaults.AuthenticationScheme).Realm, Is.EqualTo("r"));
    }

    [Test]
    public async Task AddApiKey_Names_AddsSchemesAfterTheSettings()
    {
        var builder = StartUp.CreateBuilder("Production", out _)
            .AddJson("""{"ApiKeyAuth":{"Schemes":{"Agent":{"Realm":"settings","Audience":"a"}}}}""");
        builder.AddApiKeyAuth();
        builder.Services.AddAuthentication("Agent").AddApiKey("Agent", options => options.Realm = "code").AddApiKey("User", _ => { });
        await using var app = builder.Build();
        Assert.That(await SchemesAsync(app), Is.EquivalentTo(new[] { "Agent", "User" }));
        Assert.That((SchemeOptions(app, "Agent").Realm, SchemeOptions(app, "Agent").Audience), Is.EqualTo(("code", "a")));
    }

    [Test]
    public async Task AddApiKey_Alone_StartsTheAppWithItsChecks()
    {
        var start = await StartUp.RunAsync(
            builder =>
            {
                builder.Services.AddAuthentication().AddApiKey();
                builder.Services.AddApiKeyAuth().AddInMemoryStore();
            },
            app =>
            {
                app.UseApiKeyAuth();
                app.MapGet("/", () => "in").RequireScope("a");
            });
        Assert.That(start.Error, Is.Null);
        var unused = await StartUp.RunAsync(builder => builder.Services.AddAuthentication().AddApiKey(), _ => { });
        Assert.That(unused.Problems, Has.Some.StartsWith("UseApiKeyAuth() is not called"));
    }

    [Test]
    public async Task AddApiKey_SameNameTwice_IsAStartupError()
    {
        var start = await StartUp.RunAsync(builder => builder.Services.AddAuthentication().AddApiKey().AddApiKey());
        Assert.That(start.Problems, Has.Some.Contains("Schemes: ApiKey is added 2 times"));
    }

    private static async Task<string[]> SchemesAsync(WebApplication app) =>
        [.. (await app.Services.GetRequiredService<IAuthenticationSchemeProvider>().GetAllSchemesAsync()).Select(scheme => scheme.Name)];

    private static ApiKeySchemeOptions SchemeOptions(WebApplication app, string name) =>
        app.Services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>().Get(name);
}
