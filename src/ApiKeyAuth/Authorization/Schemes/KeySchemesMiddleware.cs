using System.Runtime.CompilerServices;
using System.Security.Claims;
using ApiKeyAuth.Authentication.Credentials;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>
/// Authenticates requests with the key schemes and the default scheme, for endpoints that require scopes and do not name a scheme.
/// </summary>
/// <remarks>
/// It runs between authentication and authorization, and only in apps whose default scheme does not cover every key scheme.
/// </remarks>
internal sealed class KeySchemesMiddleware(
    RequestDelegate next, EndpointPolicyProvider policies, KeySchemeProvider schemes, CredentialConflict conflict)
{
    private static readonly object Required = new();
    private static readonly object NotRequired = new();

    // The framework also caches the combined policy by endpoint.
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
            // The evaluator merges the identities. A connection closes when the first of them expires.
            SetResult(context, await context.RequestServices.GetRequiredService<IPolicyEvaluator>().AuthenticateAsync(policy, context));
        }
    }

    private static void SetResult(HttpContext context, AuthenticateResult result)
    {
        // The user is set first, because setting it clears the stored result.
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
