using System.Runtime.CompilerServices;
using System.Security.Claims;
using ApiKeyAuth.Authentication.Credentials;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>
/// Authenticates with the key schemes in addition to the default scheme, for endpoints that require scopes and name no scheme.
/// </summary>
/// <remarks>
/// It runs between authentication and authorization, and only in apps whose default scheme does not cover every key scheme.
/// </remarks>
internal sealed class KeySchemesMiddleware(
    RequestDelegate next, EndpointPolicyProvider policies, KeySchemeProvider schemes, CredentialConflict conflict)
{
    private static readonly object Required = new();
    private static readonly object NotRequired = new();

    // By endpoint, as the framework caches the combined policy.
    private readonly ConditionalWeakTable<Endpoint, object> _requiredByEndpoint = [];

    public async Task InvokeAsync(HttpContext context)
    {
        if (await RequiresKeySchemesAsync(context.GetEndpoint()))
        {
            await AuthenticateAsync(context);
        }

        await next(context);
    }

    private async ValueTask<bool> RequiresKeySchemesAsync(Endpoint? endpoint)
    {
        if (endpoint is null || !policies.AllowsCaching)
        {
            return await policies.RequiresKeySchemesAsync(endpoint);
        }

        if (!_requiredByEndpoint.TryGetValue(endpoint, out var asked))
        {
            asked = await policies.RequiresKeySchemesAsync(endpoint) ? Required : NotRequired;
            _requiredByEndpoint.AddOrUpdate(endpoint, asked);
        }

        return ReferenceEquals(asked, Required);
    }

    private async Task AuthenticateAsync(HttpContext context)
    {
        var keys = await schemes.GetNamesAsync();
        if (keys.Count > 1 && await conflict.ExistsAsync(context, keys))
        {
            SetResult(context, AuthenticateResult.NoResult());
            return;
        }

        var answered = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket?.AuthenticationScheme;
        if (await schemes.GetAdditionalPolicyAsync(answered) is { } policy)
        {
            // It merges the identities, and the connection ends when the first of them does.
            SetResult(context, await context.RequestServices.GetRequiredService<IPolicyEvaluator>().AuthenticateAsync(policy, context));
        }
    }

    private static void SetResult(HttpContext context, AuthenticateResult result)
    {
        // The user first: setting it drops the result that was stored with the old one.
        context.User = result.Principal ?? new ClaimsPrincipal(new ClaimsIdentity());
        if (context.Features.Get<IAuthenticateResultFeature>() is { } feature)
        {
            feature.AuthenticateResult = result;
        }
        else if (result.Succeeded)
        {
            context.Features.Set<IAuthenticateResultFeature>(new AuthenticateResultFeature { AuthenticateResult = result });
        }
    }
}
