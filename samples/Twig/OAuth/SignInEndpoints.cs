using System.Security.Claims;
using ApiKeyAuth.Authentication;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Twig.OAuth;

/// <summary>Maps the sign-in page, which redirects to the consent page and the settings only, and the sign-out.</summary>
internal static class SignInEndpoints
{
    public const string Path = "/login";
    public const string SignOut = "/logout";
    public const string ReturnUrl = "returnUrl";

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, (HttpContext context, IAntiforgery forgery, string? returnUrl) =>
            Pages.SignIn(context, forgery, Validate(returnUrl), failed: false));
        app.MapPost(Path, SignInAsync).RequireRateLimiting(Path);
        app.MapPost(SignOut, SignOutAsync).RequireAuthorization(SettingsEndpoints.SignedIn);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery forgery)
    {
        if (!await forgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> SignInAsync(HttpContext context, Accounts accounts, IAntiforgery forgery)
    {
        if (!context.Request.HasFormContentType || !await forgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var back = Validate(form[ReturnUrl]);
        if (accounts.SignIn($"{form["email"]}", $"{form["password"]}") is not { } account)
        {
            return Pages.SignIn(context, forgery, back, failed: true);
        }

        var identity = new ClaimsIdentity(
            [new Claim(Claims.Subject, account.Id), new Claim(ApiKeyClaimTypes.TenantId, account.Organization)],
            CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, new ClaimsPrincipal(identity));
        return Results.LocalRedirect(back);
    }

    private static string Validate(string? returnUrl) =>
        returnUrl is not null && (returnUrl.StartsWith(OAuthEndpoints.Authorize + "?", StringComparison.Ordinal)
            || returnUrl.StartsWith(SettingsEndpoints.Path + "/", StringComparison.Ordinal))
            ? returnUrl
            : SettingsEndpoints.Path;
}
