using System.Text.Json;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Redis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.IntegrationTests.Processes;

/// <summary>Represents one of several nodes with the same keys of a PostgreSQL database, in its own process.</summary>
internal static class NodeApp
{
    /// <summary>Longer than the default, because nodes start together on two cores.</summary>
    public static TimeSpan StoreTimeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The configured key, which has all rights.</summary>
    public static string Admin { get; } = "key_live_" + new string('n', 43);

    /// <summary>Gets one of the keys with <see cref="Settings.Limit"/>.</summary>
    public static string Limited(int key) => $"key_live_{key:D43}";

    public static RunningProcess Start(Settings settings) =>
        new("dotnet", [typeof(NodeApp).Assembly.Location, "node", JsonSerializer.Serialize(settings)], AppContext.BaseDirectory);

    public static async Task RunAsync(string json)
    {
        var settings = JsonSerializer.Deserialize<Settings>(json)!;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(new AheadClock(settings.Ahead));
        var configuration = new Dictionary<string, string?>
        {
            ["Node:Format:Checksum"] = "false",
            ["Node:Backplane:Lease"] = $"{settings.Lease}",
            ["Node:Keys:0:Id"] = "key_admin",
            ["Node:Keys:0:Environment"] = "live",
            ["Node:Keys:0:Hash"] = new ApiKeyHasher([]).Hash(Admin).Format(),
            ["Node:Keys:0:Scopes:0"] = "*",
        };
        for (var key = 0; key < settings.LimitedKeys; key++)
        {
            configuration[$"Node:Keys:{key + 1}:Id"] = $"key_limited_{key}";
            configuration[$"Node:Keys:{key + 1}:Hash"] = new ApiKeyHasher([]).Hash(Limited(key)).Format();
            configuration[$"Node:Keys:{key + 1}:RateLimits:0"] = settings.Limit;
        }

        builder.Configuration.AddInMemoryCollection(configuration);
        var keys = builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("Node"), options =>
        {
            options.RateLimiting.FailedAuthentications = null;
            options.Cache.StoreTimeout = StoreTimeout;
        });
        if (settings.PostgreSql is { } postgreSql)
        {
            keys.AddPostgreSql(postgreSql);
            _ = settings.Backplane is { } backplane ? keys.AddPostgreSqlBackplane(backplane) : keys;
        }

        if (settings.Redis is { } redis)
        {
            keys.AddRedis(redis, options => (options.Timeout, options.Outage) = (settings.Timeout, settings.Outage));
        }

        builder.Services.AddHealthChecks().AddApiKeyBackplane();
        var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapGet("/", () => "in").RequireScope("a:read");
        app.MapGet("/limited", () => "in").RequireAuthorization();
        app.MapGet("/events", WriteEventsAsync).RequireScope("a:read").EndOnRevocation();
        app.MapHealthChecks("/health");
        if (settings.PostgreSql is not null)
        {
            app.MapApiKeys("/api-keys").RequireKeyScopes();
        }

        await app.RunAsync();
    }

    private static async Task WriteEventsAsync(HttpContext context)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        do
        {
            await context.Response.WriteAsync("data: x\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
        while (await timer.WaitForNextTickAsync(context.RequestAborted));
    }

    /// <summary>Represents the settings of a node.</summary>
    internal sealed record Settings
    {
        public string? PostgreSql { get; init; }

        public string? Backplane { get; init; }

        public string? Redis { get; init; }

        public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(2);

        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

        public ApiKeyRedisOutage Outage { get; init; } = ApiKeyRedisOutage.LocalShare;

        /// <summary>Gets the number of configured keys with a limit.</summary>
        public int LimitedKeys { get; init; }

        public string? Limit { get; init; }

        /// <summary>Gets how far the clock of the node is ahead.</summary>
        public TimeSpan Ahead { get; init; }
    }

    private sealed class AheadClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
