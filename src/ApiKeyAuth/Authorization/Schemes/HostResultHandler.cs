using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>Acts on the result of an authorization as the framework does, or as the app's own handler does.</summary>
/// <param name="isCustom">Whether the app registered a handler of its own, which is then a service with the type of this class as its
/// key.</param>
internal sealed class HostResultHandler(bool isCustom)
{
    private readonly AuthorizationMiddlewareResultHandler _default = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result) =>
        (isCustom ? context.RequestServices.GetRequiredKeyedService<IAuthorizationMiddlewareResultHandler>(typeof(HostResultHandler)) : _default)
            .HandleAsync(next, context, policy, result);
}
