using ApiKeyAuth.Authorization;
using ApiKeyAuth.Management;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.IntegrationTests.Stores.OwnContext;

/// <summary>
/// Tests the factory that the store needs together with the context that Identity injects, in each way that the README describes.
/// </summary>
internal sealed class ContextFactoryTests
{
    private static readonly TestCaseData[] Ways =
    [
        Way("factory alone", (services, configure) => services.AddDbContextFactory<IdentityContext>(configure)),
        Way("pooled factory alone", (services, configure) => services.AddPooledDbContextFactory<IdentityContext>(configure)),
        Way("context and scoped factory", (services, configure) =>
            services.AddDbContext<IdentityContext>(configure).AddDbContextFactory<IdentityContext>(configure, ServiceLifetime.Scoped)),
        Way("context with singleton options and factory", (services, configure) =>
            services.AddDbContext<IdentityContext>(configure, optionsLifetime: ServiceLifetime.Singleton)
                .AddDbContextFactory<IdentityContext>(configure)),
    ];

    [TestCaseSource(nameof(Ways))]
    public async Task Start_WithIdentityInDevelopment_SharesTheDatabase(
        Action<IServiceCollection, Action<DbContextOptionsBuilder>> register)
    {
        using var file = new SqliteFile();
        await using var app = Build(register, file);
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<IdentityContext>().Database.EnsureCreatedAsync();
        }

        app.UseApiKeyAuth();
        await app.StartAsync();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
            var user = new IdentityUser("someone");
            Assert.That((await users.CreateAsync(user)).Succeeded);
            var created = await scope.ServiceProvider.GetRequiredService<ApiKeyManager>()
                .CreateAsync(ApiKeyCaller.System, new NewApiKey { Name = "n", OwnerId = user.Id });
            Assert.That(created.Succeeded, created.Error?.Message);

            // The context of the request neither tracks nor saves the rows of the store.
            Assert.That(scope.ServiceProvider.GetRequiredService<IdentityContext>().ChangeTracker.Entries().Count(), Is.EqualTo(1));
            var store = scope.ServiceProvider.GetRequiredService<IWritableApiKeyStore>();
            var keys = await store.ListAsync(new() { OwnerId = user.Id }, default);
            Assert.That(keys.Select(key => key.Id), Is.EqualTo(new[] { created.Value!.Key.Id }));
        }

        await app.StopAsync();
    }

    /// <summary>With the default lifetimes, the factory outlives the options of the context, in either order of registration.</summary>
    [Test]
    public void Start_ContextAndFactoryWithDefaultLifetimes_FailsInDevelopment()
    {
        using var file = new SqliteFile();
        Assert.That(
            () => Build(
                (services, configure) => services.AddDbContext<IdentityContext>(configure).AddDbContextFactory<IdentityContext>(configure),
                file),
            Throws.Exception.With.Message.Contains("Cannot consume scoped service"));
    }

    private static WebApplication Build(Action<IServiceCollection, Action<DbContextOptionsBuilder>> register, SqliteFile file)
    {
        // In Development, services are validated when the host is built.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        register(builder.Services, options => options.UseSqlite(file.ConnectionString));
        builder.Services.AddIdentityCore<IdentityUser>().AddEntityFrameworkStores<IdentityContext>();
        builder.Services.AddApiKeyAuth().AddEntityFrameworkStore<IdentityContext>();
        return builder.Build();
    }

    private static TestCaseData Way(string name, Action<IServiceCollection, Action<DbContextOptionsBuilder>> register) =>
        new(register) { TestName = "{m}(" + name + ")" };
}
