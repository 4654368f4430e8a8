using ApiKeyAuth.IntegrationTests.Readme;
using ApiKeyAuth.IntegrationTests.Stores;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.IntegrationTests.Apps;

/// <summary>
/// Each kind of store in each kind of host, in Development (with validation of the container) and Production: the app starts and responds.
/// </summary>
internal sealed class StartMatrixTests
{
    private static readonly string Secret = new ApiKeyFormat().Generate("live");
    private SqliteFile _file = null!;

    [SetUp]
    public void Create() => _file = new SqliteFile();

    [TearDown]
    public void Delete() => _file.Dispose();

    [Test]
    public async Task Start_AnyStoreInAnyHost_Answers(
        [Values("configuration", "read-only", "memory", "sqlite", "context")] string store,
        [Values("web", "slim", "generic")] string host,
        [Values("Development", "Production")] string environment)
    {
        using var app = Build(store, host, environment);
        await PrepareAsync(app.Services, store);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        using var anonymous = await client.GetAsync("/");
        client.DefaultRequestHeaders.Add("X-API-Key", Secret);
        using var answer = await client.GetAsync("/");

        Assert.That((int)anonymous.StatusCode, Is.EqualTo(401));
        Assert.That((int)answer.StatusCode, Is.EqualTo(200));
        await app.StopAsync();
    }

    private IHost Build(string store, string host, string environment)
    {
        if (host == "generic")
        {
            return Host.CreateDefaultBuilder().UseEnvironment(environment)
                .ConfigureAppConfiguration(configuration => configuration.AddInMemoryCollection(Settings(store)))
                .ConfigureWebHostDefaults(web => web.UseUrls("http://127.0.0.1:0")
                    .ConfigureServices((context, services) =>
                    {
                        services.AddRouting();
                        Add(services, context.Configuration.GetSection("MatrixKeys"), store);
                    })
                    .Configure(app =>
                    {
                        app.UseRouting();
                        app.UseApiKeyAuth();
                        app.UseEndpoints(endpoints => endpoints.MapGet("/", () => "ok").RequireScope("a:read"));
                    }))
                .Build();
        }

        var options = new WebApplicationOptions { EnvironmentName = environment };
        var builder = host == "slim" ? WebApplication.CreateSlimBuilder(options) : WebApplication.CreateBuilder(options);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(Settings(store));
        Add(builder.Services, builder.Configuration.GetSection("MatrixKeys"), store);
        var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapGet("/", () => "ok").RequireScope("a:read");
        return app;
    }

    private void Add(IServiceCollection services, IConfigurationSection section, string store)
    {
        var keys = services.AddApiKeyAuth(section);
        switch (store)
        {
            case "read-only":
                services.AddDbContext<MyDbContext>(options => options.UseSqlite(_file.ConnectionString));
                keys.AddStore<Readme.TableStore>();
                break;
            case "memory":
                keys.AddInMemoryStore();
                break;
            case "sqlite":
                keys.AddSqlite(_file.ConnectionString, migrate: true);
                break;
            case "context":
                services.AddPooledDbContextFactory<OwnContext>(options => options.UseSqlite(_file.ConnectionString));
                keys.AddEntityFrameworkStore<OwnContext>();
                break;
        }
    }

    // As the app's own startup does: its tables, and one key.
    private static async Task PrepareAsync(IServiceProvider services, string store)
    {
        await using var scope = services.CreateAsyncScope();
        if (store == "read-only")
        {
            var context = scope.ServiceProvider.GetRequiredService<MyDbContext>();
            await context.Database.EnsureCreatedAsync();
            context.Add(new KeyRow { Id = 1, Sha256 = Hash().Digest.ToArray(), Scopes = "a:read", Enabled = true });
            await context.SaveChangesAsync();
        }

        if (store == "context")
        {
            await using var context = await scope.ServiceProvider.GetRequiredService<IDbContextFactory<OwnContext>>().CreateDbContextAsync();
            await context.Database.EnsureCreatedAsync();
        }

        if (store == "sqlite")
        {
            await services.MigrateApiKeysAsync();
        }

        if (scope.ServiceProvider.GetService<IWritableApiKeyStore>() is { } writable)
        {
            var key = new ApiKey
            {
                Id = "one",
                Name = "One",
                Environment = "live",
                Scopes = ScopeSet.Create(["a:read"]),
                Secrets = [new() { Hash = Hash() }],
            };
            Assert.That(await writable.AddAsync(key, [], AuditEntries.Create("one"), default), Is.EqualTo(ApiKeyAddResult.Added));
        }
    }

    private static ApiKeyHash Hash() => new ApiKeyHasher([], null).Hash(Secret);

    private static Dictionary<string, string?> Settings(string store) => store != "configuration" ? [] : new()
    {
        ["MatrixKeys:Keys:one:Hash"] = Hash().Format(),
        ["MatrixKeys:Keys:one:Environment"] = "live",
        ["MatrixKeys:Keys:one:Scopes:0"] = "a:read",
    };

    private sealed class OwnContext(DbContextOptions<OwnContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UseApiKeyAuth();
    }
}
