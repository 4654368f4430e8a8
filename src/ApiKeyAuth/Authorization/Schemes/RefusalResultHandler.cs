using ApiKeyAuth.Authentication;
using ApiKeyAuth.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Authorization;

/// <summary>Decides which schemes report a refused request, and what a caller without a key is told.</summary>
internal sealed class RefusalResultHandler(
    HostResultHandler host, KeySchemes schemes, CredentialConflict conflict, ScopeRequirementHandler scopes)
    : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            scopes.Confirm(context, policy);
        }

        return authorizeResult.Succeeded || schemes.IsOnlyScheme
            ? host.HandleAsync(next, context, policy, authorizeResult)
            : RefuseAsync(next, context, policy, authorizeResult);
    }

    // Apart from the method above: its closure is for refused requests alone.
    private Task RefuseAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult result) =>
        RefuseAsync(policy, asked => host.HandleAsync(next, context, asked, result), context, result.Challenged);

    private async Task RefuseAsync(AuthorizationPolicy policy, Func<AuthorizationPolicy, Task> refuseAsync, HttpContext context, bool challenges)
    {
        var asked = await schemes.AskedByAsync(policy);
        var notes = RequestNotes.Of(context);
        notes.IsFrameworks = !asked.MayAcceptKeys;
        if (challenges && asked.Keys.Count > 0 && asked.Others.Count > 0)
        {
            notes.WithoutKey = await AnyAsync(context, asked.Others, result => result.Failure is not null)
                ? ApiKeyRefusal.InvalidToken
                : ApiKeyRefusal.MissingCredentials;
        }

        if (!asked.IsAdded)
        {
            await refuseAsync(policy);
            return;
        }

        if (asked.Keys.Count > 1 && conflict.Exists(context, asked.Keys))
        {
            // No scheme reports: to do so it would look its key up.
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            notes.Refuse(ApiKeyRefusal.Ambiguous);
            return;
        }

        var other = await schemes.OtherDefaultAsync(context, challenges);
        var isPage = other is not null && KeySchemes.SignsInByPage(other);

        // If a key was offered, no other scheme is challenged; nor is a program sent to a sign-in page.
        if (other is null || await AnyAsync(context, asked.Keys, result => !result.None) || (isPage && !context.Request.AcceptsHtml()))
        {
            await refuseAsync(Over(policy, asked.Keys));
        }
        else if (isPage)
        {
            await refuseAsync(policy);
            if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden })
            {
                // It did not redirect, as cookies do not for endpoints that the framework takes for an API.
                await refuseAsync(Over(policy, asked.Keys));
            }
        }
        else
        {
            await RefuseByAllAsync(refuseAsync, Over(policy, [.. asked.Keys, other.Name]), context);
        }
    }

    /// <summary>Has the key schemes and the default scheme report; a program is not redirected, whatever the default scheme does.</summary>
    private static async Task RefuseByAllAsync(Func<AuthorizationPolicy, Task> refuseAsync, AuthorizationPolicy policy, HttpContext context)
    {
        var response = context.Response;
        var cookies = response.Headers.SetCookie;
        await refuseAsync(policy);
        if (response is { HasStarted: false, StatusCode: >= 300 and < 400 } && !context.Request.AcceptsHtml()
            && RequestNotes.Of(context).Refusal is { } refusal)
        {
            response.StatusCode = refusal.Status;
            response.Headers.Location = default;
            response.Headers.SetCookie = cookies;
        }
    }

    /// <summary>Returns whether a scheme gave such a result; each gives the one that it gave when the request was authenticated.</summary>
    private static async Task<bool> AnyAsync(HttpContext context, IReadOnlyList<string> schemes, Func<AuthenticateResult, bool> matches)
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

    private static AuthorizationPolicy Over(AuthorizationPolicy policy, IReadOnlyList<string> schemes) => new(policy.Requirements, schemes);
}
