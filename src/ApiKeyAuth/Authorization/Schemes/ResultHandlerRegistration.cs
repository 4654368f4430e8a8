using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>Registers <see cref="ApiKeyAuthorizationResultHandler"/> in front of the handler of the app or of the framework.</summary>
internal static class ResultHandlerRegistration
{
    public static void Add(IServiceCollection services)
    {
        var host = services.Last(static descriptor =>
            descriptor is { IsKeyedService: false } && descriptor.ServiceType == typeof(IAuthorizationMiddlewareResultHandler));
        var isCustom = host.ImplementationType != typeof(AuthorizationMiddlewareResultHandler);
        if (isCustom)
        {
            services.Add(CreateKeyed(host));
        }

        services.AddSingleton(new HostResultHandler(isCustom));
        services.Replace(ServiceDescriptor.Singleton<IAuthorizationMiddlewareResultHandler, ApiKeyAuthorizationResultHandler>());
    }

    private static ServiceDescriptor CreateKeyed(ServiceDescriptor host) => host switch
    {
        { ImplementationInstance: { } instance } => new ServiceDescriptor(host.ServiceType, typeof(HostResultHandler), instance),
        { ImplementationFactory: { } factory } =>
            new ServiceDescriptor(host.ServiceType, typeof(HostResultHandler), (provider, _) => factory(provider), host.Lifetime),
        _ => new ServiceDescriptor(host.ServiceType, typeof(HostResultHandler), host.ImplementationType!, host.Lifetime),
    };
}
