using ApiKeyAuth.Backplane;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.RateLimiting.InMemory;
using ApiKeyAuth.Redis;
using ApiKeyAuth.Redis.Backplane;
using ApiKeyAuth.Redis.Connection;
using ApiKeyAuth.Redis.Limiter;
using ApiKeyAuth.Redis.Startup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NUnit.Framework.Constraints;
using StackExchange.Redis;

namespace ApiKeyAuth.Tests.Redis;

/// <summary>What AddRedis(), AddRedisRateLimiter() and AddRedisBackplane() add, and their errors for invalid connections.</summary>
internal sealed class AddRedisTests
{
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().Build();

    [Test]
    public void AddRedis_EmptyConnectionString_NamesItsSetting()
    {
        string? redisConnection = null;
        var keys = new ServiceCollection().AddApiKeyAuth();
        Assert.That(() => keys.AddRedis(_configuration.GetConnectionString("Cache")!), Says("ConnectionStrings:Cache."));
        Assert.That(() => keys.AddRedis(_configuration["Node:Redis"]!), Says("Node:Redis."));
        Assert.That(() => keys.AddRedis(_configuration.GetConnectionString("Cache") ?? ""), Says("ConnectionStrings:Cache."));
        Assert.That(() => keys.AddRedis(Environment.GetEnvironmentVariable("APIKEYAUTH_NO_REDIS")!), Says("APIKEYAUTH_NO_REDIS."));
        Assert.That(() => keys.AddRedis(redisConnection!), Says("redisConnection."));
        Assert.That(
            () => keys.AddRedis(_configuration.GetChildren().Any() ? "redis://:hunter2@cache" : ""),
            Says("such as ConnectionStrings:Redis."));
        Assert.That(() => keys.AddRedis(" "), Says("such as ConnectionStrings:Redis."));
        Assert.That(() => keys.AddRedis((string)null!), Says("such as ConnectionStrings:Redis."));
    }

    [Test]
    public void AddRedis_ConfigurationWithAUrlOrNoServer_SaysToPassTheUrl()
    {
        var keys = new ServiceCollection().AddApiKeyAuth();
        Assert.That(
            () => keys.AddRedis(ConfigurationOptions.Parse("redis://app:hunter2@cache.example:6379/0")),
            Throws.ArgumentException.With.Message.Contains("pass the URL").And.Message.Not.Contains("hunter2"));
        Assert.That(
            () => keys.AddRedis(ConfigurationOptions.Parse("rediss://cache.example")),
            Throws.ArgumentException.With.Message.Contains("names no server"));
    }

    [Test]
    public async Task Start_HostThatDoesNotResolve_IsLoggedByItsPosition()
    {
        var log = new LogCapture();
        await using var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(log)).AddApiKeyAuth()
            .AddRedis("127.0.0.1:1,hunter2.invalid:6379,localhost:1").Services.BuildServiceProvider();
        var connection = services.GetRequiredKeyedService<RedisConnection>(RedisFeature.RateLimiter);
        await ActivatorUtilities.CreateInstance<HostNameCheck>(services, connection).CheckAsync(default);
        Assert.That(log.Of(3004).Select(line => line.Text), Has.Exactly(1).Contains("host name of server 2 of 3 in AddRedis()"));
        Assert.That(string.Join('\n', log.Entries.Select(line => line.Text)), Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task AddRedisRateLimiter_Alone_AddsNoBackplane()
    {
        await using var services = Build(keys => keys.AddRedisRateLimiter("127.0.0.1:1"));
        Assert.That(services.GetRequiredService<IApiKeyRateLimiter>(), Is.TypeOf<RedisRateLimiter>());
        Assert.That(services.GetService<IApiKeyBackplane>(), Is.Null);
    }

    [Test]
    public async Task AddRedisBackplane_Alone_KeepsTheLimiterInMemory()
    {
        await using var services = Build(keys => keys.AddRedisBackplane("127.0.0.1:1"));
        Assert.That(services.GetRequiredService<IApiKeyBackplane>(), Is.TypeOf<RedisBackplane>());
        Assert.That(services.GetRequiredService<IApiKeyRateLimiter>(), Is.TypeOf<InMemoryRateLimiter>());
    }

    [Test]
    public async Task AddRedisRateLimiterAndBackplane_SameServer_ShareOneConnection()
    {
        var configuration = ConfigurationOptions.Parse("127.0.0.1:1");
        await AssertConnectionsAsync(keys => keys.AddRedis("127.0.0.1:1"), areShared: true);
        await AssertConnectionsAsync(keys => keys.AddRedisRateLimiter("127.0.0.1:1").AddRedisBackplane("127.0.0.1:1"), areShared: true);
        await AssertConnectionsAsync(keys => keys.AddRedisBackplane(configuration).AddRedisRateLimiter(configuration), areShared: true);
        await AssertConnectionsAsync(keys => keys.AddRedisRateLimiter("127.0.0.1:1").AddRedisBackplane("127.0.0.1:2"), areShared: false);
    }

    [Test]
    public async Task AddRedisRateLimiterAndBackplane_OptionsOfBoth_AddUp()
    {
        await using var services = Build(keys => keys
            .AddRedisRateLimiter("127.0.0.1:1", options => options.ExpectedNodes = 3)
            .AddRedisBackplane("127.0.0.1:1", options => options.KeyPrefix = "app:"));
        var options = services.GetRequiredService<IOptions<ApiKeyRedisOptions>>().Value;
        Assert.That((options.ExpectedNodes, options.KeyPrefix), Is.EqualTo((3, "app:")));
    }

    [Test]
    public void AddRedis_FeatureAddedBefore_NamesIt()
    {
        AssertTwice(
            keys => keys.AddRedis("127.0.0.1").AddRedis("127.0.0.1"),
            "AddRedis(): the Redis rate limiter was added before; add it once.");
        AssertTwice(
            keys => keys.AddRedisRateLimiter("127.0.0.1").AddRedisRateLimiter("127.0.0.2"),
            "AddRedisRateLimiter(): the Redis rate limiter was added before; add it once.");
        AssertTwice(
            keys => keys.AddRedis("127.0.0.1").AddRedisBackplane("127.0.0.1"),
            "AddRedisBackplane(): the Redis backplane was added before; add it once.");
    }

    [Test]
    public void AddRedisRateLimiterAndBackplane_InvalidConnection_NameTheCall()
    {
        var keys = new ServiceCollection().AddApiKeyAuth();
        Assert.That(
            () => keys.AddRedisRateLimiter(_configuration.GetConnectionString("Cache")!),
            Throws.ArgumentException.With.Message.StartsWith(
                "AddRedisRateLimiter(): the connection string is empty; set ConnectionStrings:Cache."));
        Assert.That(
            () => keys.AddRedisBackplane("127.0.0.1,password=hunter2,hunter2=b"),
            Throws.ArgumentException.With.Message.StartsWith("AddRedisBackplane(): the connection string cannot be read: ")
                .And.Message.Not.Contains("hunter2"));
        Assert.That(
            () => keys.AddRedisBackplane(ConfigurationOptions.Parse("rediss://cache.example")),
            Throws.ArgumentException.With.Message.StartsWith("AddRedisBackplane(): the configuration cannot be used: it names no server"));
    }

    private static async Task AssertConnectionsAsync(Action<ApiKeyAuthBuilder> add, bool areShared)
    {
        await using var services = Build(add);
        Assert.That(
            services.GetRequiredKeyedService<RedisConnection>(RedisFeature.RateLimiter)
                == services.GetRequiredKeyedService<RedisConnection>(RedisFeature.Backplane),
            Is.EqualTo(areShared));
    }

    private static void AssertTwice(Action<ApiKeyAuthBuilder> add, string message) =>
        Assert.That(() => add(new ServiceCollection().AddApiKeyAuth()), Throws.InvalidOperationException.With.Message.EqualTo(message));

    private static ServiceProvider Build(Action<ApiKeyAuthBuilder> add)
    {
        var services = new ServiceCollection().AddLogging();
        add(services.AddApiKeyAuth());
        return services.BuildServiceProvider();
    }

    private static EqualStringConstraint Says(string setting) =>
        Throws.ArgumentException.With.Message.Contains("AddRedis(): the connection string is empty; set ").And.Message.Contains(setting)
            .And.Message.Not.Contains("hunter2").And.Property(nameof(ArgumentException.ParamName)).EqualTo("connectionString");
}
