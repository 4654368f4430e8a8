using ApiKeyAuth.Redis.Startup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework.Constraints;
using StackExchange.Redis;

namespace ApiKeyAuth.Tests.Redis;

/// <summary>Errors of AddRedis() for invalid connections.</summary>
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
        await services.GetRequiredService<HostNameCheck>().CheckAsync(default);
        Assert.That(log.Of(3004).Select(line => line.Text), Has.Exactly(1).Contains("host name of server 2 of 3"));
        Assert.That(string.Join('\n', log.Entries.Select(line => line.Text)), Does.Not.Contain("hunter2"));
    }

    private static EqualStringConstraint Says(string setting) =>
        Throws.ArgumentException.With.Message.Contains("AddRedis(): the connection string is empty; set ").And.Message.Contains(setting)
            .And.Message.Not.Contains("hunter2").And.Property(nameof(ArgumentException.ParamName)).EqualTo("connectionString");
}
