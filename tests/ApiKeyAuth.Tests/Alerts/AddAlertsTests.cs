using ApiKeyAuth.Alerts;
using ApiKeyAuth.Alerts.Webhooks;
using ApiKeyAuth.Tests.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Alerts;

/// <summary>
/// Alerts are opt-in: without <c>AddAlerts()</c> an app has no webhook client, and a section that has no effect is an error.
/// </summary>
public sealed class AddAlertsTests
{
    [Test]
    public async Task Start_AlertsSectionWithoutAddAlerts_NamesTheSectionAndTheCall()
    {
        var start = await StartUp.RunAsync(builder => builder.AddJson("""{ "ApiKeyAuth": { "Alerts": { "NewNetwork": true } } }""")
            .Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth")).AddInMemoryStore());

        Assert.That(start.Problems, Has.Exactly(1).StartsWith("ApiKeyAuth:Alerts has no effect without AddAlerts()"));
    }

    [Test]
    public void Services_WithoutAddAlerts_HoldNoWebhookClient()
    {
        var services = new ServiceCollection();
        services.AddApiKeyAuth().AddInMemoryStore();

        Assert.That(services.Select(service => service.ServiceType), Has.None.EqualTo(typeof(WebhookSender)));
        Assert.That(
            services.Select(service => $"{service.ServiceType} {service.ImplementationType}"), Has.None.Contains("ApiKeyAuth.Alerts"));
    }

    [Test]
    public void AddAlerts_Twice_AccumulatesDelegatesAndRegistersOnce()
    {
        var services = new ServiceCollection();
        var builder = services.AddApiKeyAuth().AddInMemoryStore();
        builder.AddAlerts(alerts => alerts.NewNetwork = true);
        var count = services.Count;
        builder.AddAlerts(alerts => alerts.NewCountry = false);

        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<ApiKeyAlertOptions>>().Value;
        Assert.That((options.NewNetwork, options.NewCountry), Is.EqualTo((true, false)));
        Assert.That(services, Has.Count.EqualTo(count + 1), "the second call adds its delegate only");
    }

    [Test]
    public void MapAlerts_WithoutAddAlerts_NamesTheCall()
    {
        var builder = StartUp.CreateBuilder("Production", out _);
        builder.Services.AddApiKeyAuth().AddInMemoryStore();
        var app = builder.Build();

        Assert.That(() => app.MapApiKeys().MapAlerts(), Throws.InvalidOperationException.With.Message.Contains("AddAlerts()"));
    }
}
