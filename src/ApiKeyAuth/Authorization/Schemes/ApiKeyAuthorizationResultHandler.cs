using ApiKeyAuth.Authentication.Credentials;
using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Authorization.Schemes;

/// <summary>Decides which schemes report a rejected request, and which error a caller without a key gets.</summary>
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

    // Apart from the method above: its closure is for refused requests alone.
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
            // No scheme reports: to do so it would look its key up.
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            notes.Reject(ApiKeyError.Ambiguous);
            return;
        }

        var other = await schemes.GetOtherDefaultSchemeAsync(context, isChallenge);
        var isPage = other is not null && KeySchemeProvider.UsesSignInPage(other);

        // If a key was offered, no other scheme is challenged; nor is a program sent to a sign-in page.
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
                // It did not redirect, as cookies do not for endpoints that the framework takes for an API.
                await rejectAsync(WithSchemes(policy, asked.KeySchemeNames));
            }
        }
        else
        {
            await RejectWithAllAsync(rejectAsync, WithSchemes(policy, [.. asked.KeySchemeNames, other.Name]), context);
        }
    }

    /// <summary>Has the key schemes and the default scheme report; a program is not redirected, whatever the default scheme does.</summary>
    private static async Task RejectWithAllAsync(
        Func<AuthorizationPolicy, Task> rejectAsync, AuthorizationPolicy policy, HttpContext context)
    {
        var response = context.Response;
        var cookies = response.Headers.SetCookie;
        await rejectAsync(policy);
        if (response is { HasStarted: false, StatusCode: >= 300 and < 400 } && !context.Request.AcceptsHtml()
            && ApiKeyRequestFeature.GetOrCreate(context).Error is { } refusal)
        {
            response.StatusCode = refusal.StatusCode;
            response.Headers.Location = default;
            response.Headers.SetCookie = cookies;
        }
    }

    /// <summary>Returns whether a scheme gave such a result; each gives the one that it gave when the request was authenticated.</summary>
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
