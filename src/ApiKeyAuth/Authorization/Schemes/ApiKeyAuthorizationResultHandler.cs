using ApiKeyAuth.Authentication.Credentials;
using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>Determines which schemes handle a rejected request, and which error a caller without a key receives.</summary>
internal sealed class ApiKeyAuthorizationResultHandler(
    HostResultHandler host, KeySchemeProvider schemes, CredentialConflict conflict, ScopeRequirementHandler scopes)
    : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            scopes.ConfirmActingIdentity(context, policy);
        }

        return authorizeResult.Succeeded || schemes.IsOnlyScheme
            ? host.HandleAsync(next, context, policy, authorizeResult)
            : RejectAsync(next, context, policy, authorizeResult);
    }

    // This is a separate method so that only rejected requests allocate the closure.
    private Task RejectAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result) =>
        RejectAsync(policy, asked => host.HandleAsync(next, context, asked, result), context, result.Challenged);

    private async Task RejectAsync(
        AuthorizationPolicy policy, Func<AuthorizationPolicy, Task> rejectAsync, HttpContext context, bool isChallenge)
    {
        var asked = await schemes.GetRequestedSchemesAsync(policy);
        var notes = ApiKeyRequestFeature.GetOrCreate(context);
        notes.IsFrameworkResponse = !asked.CanAcceptKeys;
        if (isChallenge && asked.KeySchemeNames.Count > 0 && asked.OtherSchemeNames.Count > 0)
        {
            notes.ErrorWithoutKey = await HasResultAsync(context, asked.OtherSchemeNames, result => result.Failure is not null)
                ? ApiKeyError.InvalidToken
                : ApiKeyError.MissingCredentials;
        }

        if (!asked.AreKeySchemesAdded)
        {
            await rejectAsync(policy);
            return;
        }

        if (asked.KeySchemeNames.Count > 1 && await conflict.ExistsAsync(context, asked.KeySchemeNames))
        {
            // No scheme handles the rejection, because each scheme would look up its key.
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            notes.Reject(ApiKeyError.Ambiguous);
            return;
        }

        var other = await schemes.GetOtherDefaultSchemeAsync(context, isChallenge);
        var isPage = other is not null && KeySchemeProvider.UsesSignInPage(other);

        // If the request contains a key, only the key schemes are challenged. Clients that do not accept HTML are not redirected to a
        // sign-in page.
        if (other is null
            || await HasResultAsync(context, asked.KeySchemeNames, result => !result.None)
            || (isPage && !context.Request.AcceptsHtml()))
        {
            await rejectAsync(WithSchemes(policy, asked.KeySchemeNames));
        }
        else if (isPage)
        {
            await rejectAsync(policy);
            if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden })
            {
                // The scheme did not redirect. Cookie authentication does not redirect endpoints that the framework considers to be an API.
                await rejectAsync(WithSchemes(policy, asked.KeySchemeNames));
            }
        }
        else
        {
            await RejectWithAllAsync(rejectAsync, WithSchemes(policy, [.. asked.KeySchemeNames, other.Name]), context);
        }
    }

    /// <summary>
    /// Rejects the request with the key schemes and the default scheme. Clients that do not accept HTML are not redirected.
    /// </summary>
    private static async Task RejectWithAllAsync(
        Func<AuthorizationPolicy, Task> rejectAsync, AuthorizationPolicy policy, HttpContext context)
    {
        var response = context.Response;
        var cookies = response.Headers.SetCookie;
        await rejectAsync(policy);
        if (response is { HasStarted: false, StatusCode: >= 300 and < 400 } && !context.Request.AcceptsHtml()
            && ApiKeyRequestFeature.GetOrCreate(context).Error is { } error)
        {
            response.StatusCode = error.StatusCode;
            response.Headers.Location = default;
            response.Headers.SetCookie = cookies;
        }
    }

    /// <summary>Determines whether a scheme has a matching result. Handlers cache their results, so none authenticates twice.</summary>
    private static async Task<bool> HasResultAsync(
        HttpContext context, IReadOnlyList<string> schemes, Func<AuthenticateResult, bool> matches)
    {
        var handlers = context.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        foreach (var scheme in schemes)
        {
            if (await handlers.GetHandlerAsync(context, scheme) is { } handler && matches(await handler.AuthenticateAsync()))
            {
                return true;
            }
        }

        return false;
    }

    private static AuthorizationPolicy WithSchemes(AuthorizationPolicy policy, IReadOnlyList<string> schemes) =>
        new(policy.Requirements, schemes);
}
