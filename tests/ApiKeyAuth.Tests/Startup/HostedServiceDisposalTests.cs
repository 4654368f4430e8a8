using ApiKeyAuth.Backplane;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Tests.Backplane;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.Startup;

/// <summary>Tests that an app that is disposed without being stopped, as many tests do, logs no error.</summary>
public sealed class HostedServiceDisposalTests
{
    [Test]
    public async Task Dispose_WithoutAStop_EveryServiceEndsAndNothingIsLogged()
    {
        var app = await StartAsync();
        BackgroundService[] services = [.. app.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
        Assert.That(
            services.Select(service => service.GetType()).Where(type => type.Assembly == typeof(ApiKeyAuthOptions).Assembly),
            Is.EquivalentTo(Implementations().Where(type => type.IsAssignableTo(typeof(BackgroundService)))));

        Assert.That(services.Where(service => service.ExecuteTask!.IsCompleted), Is.Empty, "all run");
        await app.DisposeAsync();

        foreach (var service in services)
        {
            // The host logs what this would throw.
            await service.ExecuteTask!;
        }

        Assert.That(Problems(app), Is.Empty);
    }

    [Test]
    public async Task Dispose_WithoutAStart_NothingIsLogged()
    {
        var logs = new LogCapture();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(logs);
        builder.Services.AddSingleton<IApiKeyBackplane>(new InMemoryBackplane());
        builder.Services.AddApiKeyAuth().AddInMemoryStore().AddAlerts();
        using (var host = builder.Build())
        {
            Assert.That(host.Services.GetServices<IHostedService>(), Is.Not.Empty);
        }

        Assert.That(logs.Entries.Where(entry => entry.Level >= LogLevel.Warning), Is.Empty);
    }

    [Test]
    public void BackgroundServices_All_EndWithoutAnErrorIfTheHostIsDisposed() => Assert.That(
        Implementations().Where(type =>
            type.IsAssignableTo(typeof(BackgroundService)) && !type.IsAssignableTo(typeof(StartedBackgroundService))),
        Is.Empty);

    private static Task<TestApp> StartAsync() => TestApp.StartAsync(
        static _ => { },
        options =>
        {
            options.HashAlgorithms.Add(ApiKeyHashAlgorithms.Seam);
            options.Management.MaxSecretAge = TimeSpan.FromDays(90);
        },
        keys => keys.AddAlerts(),
        services: services => services.AddSingleton<IApiKeyBackplane>(new InMemoryBackplane()));

    private static IEnumerable<string> Problems(TestApp app) =>
        app.Logs.Entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Text);

    private static IEnumerable<Type> Implementations() => typeof(ApiKeyAuthOptions).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IHostedService)));
}
