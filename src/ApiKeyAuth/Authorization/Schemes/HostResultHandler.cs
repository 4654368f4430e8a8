using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>Handles the result of an authorization with the handler of the app, or with that of the framework.</summary>
/// <param name="isCustom">
/// Whether the app registered its own handler, which is then a keyed service. The key is the type of this class.
/// </param>
internal sealed class HostResultHandler(bool isCustom)
{
    private readonly AuthorizationMiddlewareResultHandler _default = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result) =>
        (isCustom
            ? context.RequestServices.GetRequiredKeyedService<IAuthorizationMiddlewareResultHandler>(typeof(HostResultHandler))
            : _default).HandleAsync(next, context, policy, result);
}
