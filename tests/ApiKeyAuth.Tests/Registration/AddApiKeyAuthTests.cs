using ApiKeyAuth.Authentication;
using ApiKeyAuth.InMemory;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Stores.Configured;
using ApiKeyAuth.Tests.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Registration;

/// <summary>Tests which configuration the overloads of <c>AddApiKeyAuth</c> read, and that several calls add up.</summary>
public sealed class AddApiKeyAuthTests
{
    private const string Json = """
        {
          "ApiKeyAuth": { "Format": { "Prefix": "root" }, "Cache": { "MaxKnownKeys": 11, "MaxUnknownKeys": 12 } },
          "Other": { "Format": { "Prefix": "other" } }
        }
        """;

    [Test]
    public async Task AddApiKeyAuth_Configuration_ReadsTheSectionApiKeyAuthOfARoot()
    {
        var builder = CreateBuilder();
        builder.Services.AddApiKeyAuth(builder.Configuration);
        Assert.That((await OptionsAsync(builder)).Format.Prefix, Is.EqualTo("root"));
    }

    [Test]
    public async Task AddApiKeyAuth_Section_IsReadAsItIs()
    {
        var builder = CreateBuilder();
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("Other"), options => options.Cache.MaxKnownKeys = 13);
        var options = await OptionsAsync(builder);
        Assert.That((options.Format.Prefix, options.Cache.MaxKnownKeys), Is.EqualTo(("other", 13)));
    }

    [Test]
    public async Task AddApiKeyAuth_HostApplicationBuilder_ReadsTheSectionAndAppliesTheDelegate()
    {
        var builder = CreateBuilder();
        builder.AddApiKeyAuth(options => options.Cache.MaxKnownKeys = 13);
        var options = await OptionsAsync(builder);
        Assert.That((options.Format.Prefix, options.Cache.MaxKnownKeys, options.Cache.MaxUnknownKeys), Is.EqualTo(("root", 13, 12)));
    }

    [Test]
    public async Task AddApiKeyAuth_Twice_AccumulatesDelegatesAfterTheSettings()
    {
        var builder = CreateBuilder();
        builder.Services.AddApiKeyAuth(options => options.Cache.MaxKnownKeys++);
        builder.AddApiKeyAuth(options => options.Cache.MaxUnknownKeys++);
        builder.AddApiKeyAuth(options => options.Cache.MaxUnknownKeys++);
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("apikeyauth")).AddInMemoryStore();
        await using var app = builder.Build();
        var options = app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;
        Assert.That((options.Cache.MaxKnownKeys, options.Cache.MaxUnknownKeys), Is.EqualTo((12, 14)));
        await using var scope = app.Services.CreateAsyncScope();
        Assert.That(
            scope.ServiceProvider.GetServices<IApiKeyStore>().Select(store => store.GetType()),
            Is.EqualTo(new[] { typeof(ConfigurationApiKeyStore), typeof(InMemoryApiKeyStore) }));
    }

    [Test]
    public async Task AddApiKeyAuth_SectionAfterAStore_LooksUpConfiguredKeysFirst()
    {
        var builder = CreateBuilder();
        builder.Services.AddApiKeyAuth().AddInMemoryStore();
        builder.AddApiKeyAuth();
        await using var app = builder.Build();
        await using var scope = app.Services.CreateAsyncScope();
        Assert.That(
            scope.ServiceProvider.GetServices<IApiKeyStore>().Select(store => store.GetType()),
            Is.EqualTo(new[] { typeof(ConfigurationApiKeyStore), typeof(InMemoryApiKeyStore) }));
    }

    [Test]
    public async Task AddApiKeyAuth_Twice_StartsAndAuthenticates()
    {
        var start = await StartUp.RunAsync(
            builder =>
            {
                builder.AddApiKeyAuth().AddInMemoryStore();
                builder.Services.AddApiKeyAuth().AddScheme("Agent").AddScheme(ApiKeyDefaults.AuthenticationScheme);
            },
            app =>
            {
                app.UseApiKeyAuth();
                app.MapGet("/", () => "in").RequireScope("a");
                app.MapApiKeys().RequireKeyScopes();
            });
        Assert.That(start.Error, Is.Null);
    }

    [Test]
    public void AddApiKeyAuth_AnotherSection_ThrowsAndNamesBoth()
    {
        var builder = CreateBuilder();
        builder.AddApiKeyAuth();
        Assert.That(
            () => builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("Other")),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "AddApiKeyAuth() was called with the section ApiKeyAuth before, and is called with the section Other now; "
                + "pass the same section to all calls."));
    }

    [Test]
    public void AddApiKeyAuth_SameSectionOfAnotherConfiguration_Throws()
    {
        var builder = CreateBuilder();
        builder.AddApiKeyAuth();
        var other = new ConfigurationBuilder().AddInMemoryCollection().Build();
        Assert.That(
            () => builder.Services.AddApiKeyAuth(other),
            Throws.InvalidOperationException.With.Message.Contains("the section ApiKeyAuth of another configuration now"));
    }

    private static WebApplicationBuilder CreateBuilder() => StartUp.CreateBuilder("Production", out _).AddJson(Json);

    private static async Task<ApiKeyAuthOptions> OptionsAsync(WebApplicationBuilder builder)
    {
        await using var app = builder.Build();
        return app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value;
    }
}
