using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>The Redis rate limiter and backplane, each without the other, and both with servers of their own.</summary>
internal sealed class RedisFeatureTests
{
    [Test]
    public async Task AddRedisRateLimiter_TwoNodes_ShareLimitsWithoutABackplane()
    {
        await using var server = await RedisServer.StartAsync();
        await using var first = await StartAsync(builder => builder.AddRedisRateLimiter(server.ConnectionString, AllowDelays));
        await using var second = await StartAsync(builder => builder.AddRedisRateLimiter(server.ConnectionString, AllowDelays));
        Assert.That((await first.CheckAsync(RedisNode.Subject("5/minute"))).Remaining, Is.EqualTo(4));
        Assert.That((await second.CheckAsync(RedisNode.Subject("5/minute"))).Remaining, Is.EqualTo(3));
        Assert.That(first.Services.GetRequiredService<IApiKeyInvalidator>().HasBackplane, Is.False);
        Assert.That(await HasBackplaneStateAsync(server), Is.False);
        Assert.That(await CheckHealthAsync(first), Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task AddRedisBackplane_TwoNodes_ShareChangesAndLimitByThemselves()
    {
        await using var server = await RedisServer.StartAsync();
        await using var first = await StartAsync(builder => builder.AddRedisBackplane(server.ConnectionString, AllowDelays));
        await using var second = await StartAsync(builder => builder.AddRedisBackplane(server.ConnectionString, AllowDelays));
        await Eventually.IsTrueAsync(() => first.Services.GetRequiredService<IApiKeyBackplaneMembership>().MemberCount == 2);
        Assert.That(await first.Services.GetRequiredService<IApiKeyInvalidator>().InvalidateAsync("key"), Is.True);
        Assert.That((await first.CheckAsync(RedisNode.Subject("5/minute"))).Remaining, Is.EqualTo(4));
        Assert.That((await second.CheckAsync(RedisNode.Subject("5/minute"))).Remaining, Is.EqualTo(4));
        Assert.That(await HasBackplaneStateAsync(server), Is.True);
        Assert.That(await CheckHealthAsync(first), Is.EqualTo(HealthStatus.Healthy));
        await server.KillAsync();
        Assert.That(await CheckHealthAsync(first), Is.EqualTo(HealthStatus.Degraded));
    }

    [Test]
    public async Task AddRedisRateLimiterAndBackplane_TwoServers_EachUsesItsOwn()
    {
        await using var limits = await RedisServer.StartAsync();
        await using var changes = await RedisServer.StartAsync();
        await using var node = await StartAsync(builder => builder
            .AddRedisRateLimiter(limits.ConnectionString, AllowDelays).AddRedisBackplane(changes.ConnectionString));
        Assert.That((await node.CheckAsync(RedisNode.Subject("5/minute"))).Remaining, Is.EqualTo(4));
        Assert.That(await node.Services.GetRequiredService<IApiKeyInvalidator>().InvalidateAsync("key"), Is.True);
        Assert.That((await HasBackplaneStateAsync(limits), await HasBackplaneStateAsync(changes)), Is.EqualTo((false, true)));
        Assert.That(await CheckHealthAsync(node), Is.EqualTo(HealthStatus.Healthy));
        await changes.KillAsync();
        Assert.That(await CheckHealthAsync(node), Is.EqualTo(HealthStatus.Degraded));
    }

    [Test]
    public async Task Start_BackplaneOnAReplica_NamesTheCall()
    {
        await using var primary = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync("--replicaof", $"127.0.0.1 {primary.Port}");
        Assert.That(
            () => StartAsync(builder => builder
                .AddRedisRateLimiter(primary.ConnectionString, AllowDelays).AddRedisBackplane(replica.ConnectionString)),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "AddRedisBackplane(): the server is a replica, which accepts no writes; connect to its primary."));
    }

    [Test]
    public async Task Start_ServerOfTheBackplaneUnavailable_Starts()
    {
        await using var node = await StartAsync(
            builder => builder.AddRedisBackplane($"127.0.0.1:{FreePort.Find()},connectTimeout=300,connectRetry=1"));
        Assert.That((await node.CheckAsync(RedisNode.Subject("5/minute"))).Remaining, Is.EqualTo(4));
        Assert.That(await CheckHealthAsync(node), Is.EqualTo(HealthStatus.Degraded));
    }

    private static void AllowDelays(ApiKeyAuth.Redis.ApiKeyRedisOptions options) => options.Timeout = TimeSpan.FromSeconds(5);

    private static Task<RedisNode> StartAsync(Action<ApiKeyAuthBuilder> add) => RedisNode.StartAsync(
        builder =>
        {
            builder.Services.AddHealthChecks().AddApiKeyRedis();
            add(builder);
        },
        nodes: null);

    private static async Task<bool> HasBackplaneStateAsync(RedisServer server)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        return await connection.GetDatabase().KeyExistsAsync("apikeyauth:backplane");
    }

    private static async Task<HealthStatus> CheckHealthAsync(RedisNode node) =>
        (await node.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status;
}
