using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Tests.Startup;
using ApiKeyAuth.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Registration;

/// <summary>Tests that <c>Configure&lt;T&gt;()</c> acts on the options that are properties of <see cref="ApiKeyAuthOptions"/>.</summary>
public sealed class NestedOptionsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public Task Configure_CacheOptions_IsHonored() =>
        ExpectAsync<ApiKeyCacheOptions, TimeSpan>(
            options => options.KnownKeyLifetime = Minute * 2, options => options.KnownKeyLifetime, all => all.Cache);

    [Test]
    public Task Configure_BackplaneOptions_IsHonored() =>
        ExpectAsync<ApiKeyBackplaneOptions, TimeSpan>(options => options.Lease = Minute, options => options.Lease, all => all.Backplane);

    [Test]
    public Task Configure_RateLimitOptions_IsHonored() =>
        ExpectAsync<ApiKeyRateLimitOptions, IReadOnlyList<RateLimit>>(
            options => options.Default = RateLimit.ParseList("5/minute"), options => options.Default, all => all.RateLimiting);

    [Test]
    public Task Configure_UsageOptions_IsHonored() =>
        ExpectAsync<ApiKeyUsageOptions, TimeSpan>(
            options => options.FlushInterval = Minute, options => options.FlushInterval, all => all.Usage);

    [Test]
    public Task Configure_ManagementOptions_IsHonored() =>
        ExpectAsync<ApiKeyManagementOptions, int?>(
            options => options.MaxKeysPerOwner = 7, options => options.MaxKeysPerOwner, all => all.Management);

    [Test]
    public Task Configure_ErrorOptions_IsHonored() =>
        ExpectAsync<ApiKeyErrorOptions, bool>(
            options => options.ReportExpiredAsInvalid = true, options => options.ReportExpiredAsInvalid, all => all.Errors);

    [Test]
    public async Task Configure_SettingsAndDelegatesOfTheWhole_ComeFirst()
    {
        var builder = StartUp.CreateBuilder("Production", out _)
            .AddJson("""{"ApiKeyAuth":{"Cache":{"MaxKnownKeys":10,"MaxUnknownKeys":20}}}""");
        builder.Services.PostConfigure<ApiKeyCacheOptions>(options => options.MaxUnknownKeys++);
        builder.Services.Configure<ApiKeyCacheOptions>(options => options.MaxKnownKeys *= 2);
        builder.AddApiKeyAuth(options => options.Cache.MaxKnownKeys++);
        await using var app = builder.Build();
        var cache = app.Services.GetRequiredService<IOptionsMonitor<ApiKeyCacheOptions>>().CurrentValue;
        Assert.That((cache.MaxKnownKeys, cache.MaxUnknownKeys), Is.EqualTo((22, 21)));
        Assert.That(app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value.Cache, Is.SameAs(cache));
    }

    [Test]
    public async Task Configure_ValueOutOfRange_IsReportedAtStartupWithAllOtherProblems()
    {
        var start = await StartUp.RunAsync(builder =>
        {
            builder.AddApiKeyAuth(options => options.Backplane.Lease = TimeSpan.Zero).AddInMemoryStore();
            builder.Services.Configure<ApiKeyCacheOptions>(options => options.MaxKnownKeys = 0);
            builder.Services.AddOptions<ApiKeyUsageOptions>().Validate(usage => !usage.Enabled, "This app counts nothing.");
        });
        Assert.That(start.Problems, Has.Some.Contains("Cache:MaxKnownKeys"));
        Assert.That(start.Problems, Has.Some.Contains("Backplane:Lease"));
        Assert.That(start.Problems, Has.Some.EqualTo("This app counts nothing."));
    }

    private static async Task ExpectAsync<TOptions, TValue>(
        Action<TOptions> configure, Func<TOptions, TValue> read, Func<ApiKeyAuthOptions, TOptions> select)
        where TOptions : class, new()
    {
        var configured = new TOptions();
        var initial = read(configured);
        configure(configured);
        Assert.That(read(configured), Is.Not.EqualTo(initial));

        var builder = StartUp.CreateBuilder("Production", out _);
        builder.Services.Configure(configure);
        builder.Services.AddApiKeyAuth();
        await using var app = builder.Build();
        var nested = select(app.Services.GetRequiredService<IOptions<ApiKeyAuthOptions>>().Value);
        Assert.That(read(nested), Is.EqualTo(read(configured)));
        Assert.That(app.Services.GetRequiredService<TOptions>(), Is.SameAs(nested));
        Assert.That(app.Services.GetRequiredService<IOptions<TOptions>>().Value, Is.SameAs(nested));
        await using var scope = app.Services.CreateAsyncScope();
        Assert.That(scope.ServiceProvider.GetRequiredService<IOptionsSnapshot<TOptions>>().Value, Is.SameAs(nested));
    }
}
