using ApiKeyAuth.Backplane;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>Represents one node of an app with its services, its own connection and a configured number of nodes.</summary>
internal sealed class RedisNode : IAsyncDisposable
{
    private readonly IHost _host;

    private RedisNode(IHost host) => _host = host;

    public IApiKeyRateLimiter Limiter => _host.Services.GetRequiredService<IApiKeyRateLimiter>();

    public IServiceProvider Services => _host.Services;

    /// <summary>Starts a node.</summary>
    public static Task<RedisNode> StartAsync(
        string connectionString, Action<ApiKeyRedisOptions>? configure = null, int? nodes = 1, TimeProvider? clock = null,
        ILoggerProvider? log = null) =>
        StartAsync(builder => builder.AddRedis(connectionString, configure), nodes, clock, log);

    /// <summary>Starts a node that adds Redis with a delegate.</summary>
    public static async Task<RedisNode> StartAsync(
        Action<ApiKeyAuthBuilder> addRedis, int? nodes = 1, TimeProvider? clock = null, ILoggerProvider? log = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        if (clock is not null)
        {
            builder.Services.AddSingleton(clock);
        }

        addRedis(builder.Services.AddApiKeyAuth());
        if (nodes is { } count)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton<IApiKeyBackplaneMembership>(new Nodes(count)));
        }

        var node = new RedisNode(builder.Build());
        try
        {
            await node._host.StartAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public async Task<RateLimitDecision> CheckAsync(
        RateLimitSubject subject, long cost = 1, RateLimitCharge charge = RateLimitCharge.IfAdmitted) =>
        await Limiter.CheckAsync(subject, cost, charge, default);

    public static RateLimitSubject Subject(string limits, string id = "key", string? tenantLimits = null) => new(
        id,
        limits.Length == 0 ? [] : RateLimit.ParseList(limits),
        tenantLimits is null ? null : "tenant",
        tenantLimits is null ? null : RateLimit.ParseList(tenantLimits));

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }
    }

    private sealed class Nodes(int count) : IApiKeyBackplaneMembership
    {
        public int MemberCount => count;
    }
}
