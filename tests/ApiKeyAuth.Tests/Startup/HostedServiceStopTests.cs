using ApiKeyAuth.Backplane;
using ApiKeyAuth.Tests.Backplane;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.Tests.Startup;

/// <summary>
/// Tests that hosted services accept a canceled token, which a host passes after its shutdown timeout, and that the node is unregistered.
/// </summary>
public sealed class HostedServiceStopTests
{
    private static readonly CancellationToken Canceled = new(canceled: true);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Stop_CanceledToken_NoServiceThrowsAndTheNodeIsUnregistered()
    {
        var backplane = new InMemoryBackplane();
        await using var app = await StartAsync(backplane, TimeSpan.FromSeconds(5));
        Assert.That(backplane.Nodes, Has.One.Items);
        var services = OwnServices(app);
        Assert.That(services.Select(service => service.GetType()), Is.EquivalentTo(Implementations()), "every hosted service is tested");

        foreach (var service in services)
        {
            await StopAsync(service);
        }

        Assert.That(backplane.Nodes, Is.Empty);
    }

    [Test]
    public async Task Stop_CanceledTokenBeforeTheStart_NoServiceThrows()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IApiKeyBackplane>(new InMemoryBackplane());
        builder.Services.AddApiKeyAuth().AddInMemoryStore().AddAlerts();
        using var host = builder.Build();
        foreach (var service in host.Services.GetServices<IHostedService>())
        {
            await StopAsync(service);
        }
    }

    [Test]
    public async Task Stop_BackplaneDoesNotRespond_EndsWithinTheTimeout()
    {
        var (backplane, clock) = (new InMemoryBackplane(), new TimerClock());
        await using var app = await StartAsync(backplane, TimeSpan.FromSeconds(60), clock);
        backplane.Hang();
        var stopping = OwnServices(app).OfType<BackplaneService>().Single().StopAsync(Canceled);

        // Each step has the timeout of the service. The timeout of a backplane call, half of the lease, is never reached.
        var passed = 0;
        await Eventually.IsTrueAsync(() =>
        {
            if (clock.Due.Count(due => due == StopTimeout) > passed)
            {
                passed++;
                clock.Advance(StopTimeout);
            }

            return stopping.IsCompleted;
        });
        await stopping;
        Assert.That(passed * StopTimeout, Is.GreaterThan(TimeSpan.Zero).And.LessThan(CallTimeout));
    }

    private static Task<TestApp> StartAsync(InMemoryBackplane backplane, TimeSpan lease, TimeProvider? clock = null) => TestApp.StartAsync(
        static _ => { },
        options => options.Backplane.Lease = lease,
        keys => keys.AddAlerts(),
        services: services => services.AddSingleton<IApiKeyBackplane>(backplane),
        clock: clock);

    private static IHostedService[] OwnServices(TestApp app) =>
        [.. app.Services.GetServices<IHostedService>().Where(service => service.GetType().Assembly == typeof(ApiKeyAuthOptions).Assembly)];

    private static IEnumerable<Type> Implementations() => typeof(ApiKeyAuthOptions).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IHostedService)));

    private static async Task StopAsync(IHostedService service)
    {
        var lifecycle = service as IHostedLifecycleService;
        await (lifecycle?.StoppingAsync(Canceled) ?? Task.CompletedTask);
        await service.StopAsync(Canceled);
        await (lifecycle?.StoppedAsync(Canceled) ?? Task.CompletedTask);
    }
}
