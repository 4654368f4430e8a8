using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>Tests startup with the PostgreSQL backplane: missing functions stop the app, an unavailable database does not.</summary>
internal sealed class PostgreSqlBackplaneStartTests
{
    [Test]
    public async Task Start_WithoutItsFunctions_NamesTheCall()
    {
        var database = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        Assert.That(
            () => StartAsync(builder => builder.AddPostgreSqlBackplane(database)),
            Throws.InvalidOperationException.With.Message.Contains("migrate: true").And.Message.Contains("MigrateApiKeysAsync()"));
        (await StartAsync(builder => builder.AddPostgreSqlBackplane(database, migrate: true))).Dispose();
        (await StartAsync(builder => builder.AddPostgreSqlBackplane(database))).Dispose();
    }

    [Test]
    public async Task Start_FourNodesConcurrently_CreateItsTablesInTurn()
    {
        var database = await (await PostgreSql.ServerAsync()).CreateDatabaseAsync();
        var hosts = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => StartAsync(builder => builder.AddPostgreSqlBackplane(database, migrate: true))));
        Assert.That(hosts.Select(host => host.Services.GetRequiredService<IApiKeyInvalidator>().HasBackplane), Is.All.True);
        foreach (var host in hosts)
        {
            host.Dispose();
        }
    }

    [Test]
    public async Task Start_DatabaseUnavailable_Starts()
    {
        var port = FreePort.Find();
        using var host = await StartAsync(
            builder => builder.AddPostgreSqlBackplane($"Host=127.0.0.1;Port={port};Username=app;Password=hunter2;Database=app;Timeout=2"));
        Assert.That(host.Services.GetRequiredService<IApiKeyBackplaneMembership>().MemberCount, Is.EqualTo(1));
    }

    [Test]
    public void AddPostgreSqlBackplane_Twice_Throws() =>
        Assert.That(
            () => new ServiceCollection().AddApiKeyAuth().AddPostgreSqlBackplane("Host=a").AddPostgreSqlBackplane("Host=b"),
            Throws.InvalidOperationException.With.Message.Contains("once"));

    [Test]
    public void AddPostgreSqlBackplane_WithRedis_IsUsedInAnyOrder()
    {
        Assert.That(CarrierOf(builder => builder.AddRedis("127.0.0.1").AddPostgreSqlBackplane("Host=a")), Does.Contain("PostgreSql"));
        Assert.That(CarrierOf(builder => builder.AddPostgreSqlBackplane("Host=a").AddRedis("127.0.0.1")), Does.Contain("PostgreSql"));
        Assert.That(CarrierOf(builder => builder.AddRedis("127.0.0.1")), Does.Contain("Redis"));
    }

    private static string CarrierOf(Action<ApiKeyAuthBuilder> add)
    {
        var services = new ServiceCollection();
        add(services.AddApiKeyAuth());
        return services.Single(descriptor => descriptor.ServiceType == typeof(IApiKeyBackplane)).ImplementationType!.Name;
    }

    private static async Task<IHost> StartAsync(Action<ApiKeyAuthBuilder> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        add(builder.Services.AddApiKeyAuth());
        var host = builder.Build();
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }
}
