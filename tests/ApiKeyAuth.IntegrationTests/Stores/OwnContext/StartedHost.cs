using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ApiKeyAuth.IntegrationTests.Stores.OwnContext;

/// <summary>Starts a host with a store and stops it again, for tests of what the start checks.</summary>
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
