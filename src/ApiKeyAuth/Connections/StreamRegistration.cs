using System.Net;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Connections.Checks;
using ApiKeyAuth.Connections.Hubs;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Connections;

/// <summary>Registers the services that end open connections.</summary>
internal static class StreamRegistration
{
    /// <summary>Registers the services.</summary>
    /// <param name="services">The services.</param>
    /// <param name="countEnd">Gets what counts the end of a connection of a key, with its outcome and the address of the caller.</param>
    /// <param name="recordScopeUse">Gets what records that a hub method needed a scope of a key.</param>
    public static void Add(
        IServiceCollection services, Func<IServiceProvider, Action<VerifiedApiKey, string, IPAddress?>> countEnd,
        Func<IServiceProvider, Action<VerifiedApiKey, string>> recordScopeUse)
    {
        services.AddSingleton<StreamTimings>();
        services.AddSingleton<OpenStreams>();
        services.AddSingleton<KeyRechecker>();
        services.AddSingleton(provider => new StreamEndReporter(
            countEnd(provider), provider.GetRequiredService<ApiKeyMetrics>(), provider.GetRequiredService<ILogger<StreamEndReporter>>()));
        services.AddSingleton<StreamChecker>();
        services.AddSingleton<StreamMonitor>();
        services.AddSingleton<StreamRequirements>();
        services.AddSingleton<StreamFactory>();
        services.AddSingleton<HubMethodRequirements>();
        services.AddSingleton(provider => new StreamHubFilter(
            provider.GetRequiredService<StreamFactory>(), provider.GetRequiredService<StreamMonitor>(),
            provider.GetRequiredService<HubMethodRequirements>(), provider.GetRequiredService<ScopeRequirementHandler>(),
            recordScopeUse(provider)));

        // HubOptions are only created if the app uses SignalR.
        services.AddSingleton<IPostConfigureOptions<HubOptions>>(provider => new PostConfigureOptions<HubOptions>(
            Options.DefaultName, options => options.AddFilter(provider.GetRequiredService<StreamHubFilter>())));
    }
}
