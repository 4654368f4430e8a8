using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>Puts <see cref="ApiKeyAuthorizationResultHandler"/> before the handler that the app or the framework registered.</summary>
internal static class ResultHandlerRegistration
{
    public static void Add(IServiceCollection services)
    {
        var host = services.Last(descriptor => descriptor is { IsKeyedService: false } && descriptor.ServiceType == typeof(IAuthorizationMiddlewareResultHandler));
        var isOwn = host.ImplementationType != typeof(AuthorizationMiddlewareResultHandler);
        if (isOwn)
        {
            services.Add(CreateKeyed(host));
        }

        services.AddSingleton(new HostResultHandler(isOwn));
        services.Replace(ServiceDescriptor.Singleton<IAuthorizationMiddlewareResultHandler, ApiKeyAuthorizationResultHandler>());
    }

    private static ServiceDescriptor CreateKeyed(ServiceDescriptor host) => host switch
    {
        { ImplementationInstance: { } instance } => new ServiceDescriptor(host.ServiceType, typeof(HostResultHandler), instance),
        { ImplementationFactory: { } make } => new ServiceDescriptor(host.ServiceType, typeof(HostResultHandler), (provider, _) => make(provider), host.Lifetime),
        _ => new ServiceDescriptor(host.ServiceType, typeof(HostResultHandler), host.ImplementationType!, host.Lifetime),
    };
}
