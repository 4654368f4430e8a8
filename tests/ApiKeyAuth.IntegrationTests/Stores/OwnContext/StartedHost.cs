using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.IntegrationTests.Stores.OwnContext;

/// <summary>Starts and stops a host with a store, for tests of the startup checks.</summary>
internal static class StartedHost
{
    public static async Task RunAsync(Action<ApiKeyAuthBuilder> addStore)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        addStore(builder.Services.AddApiKeyAuth());
        using var host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();
    }
}
