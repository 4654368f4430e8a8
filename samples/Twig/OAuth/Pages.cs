using System.Net;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Antiforgery;
using OpenIddict.Abstractions;

namespace Twig.OAuth;

/// <summary>Renders the sign-in page and the consent page.</summary>
internal static class Pages
{
    public static IResult SignIn(HttpContext context, IAntiforgery forgery, string returnUrl, bool failed) => Page(context, "Sign in", $"""
        {(failed ? "<p role=\"alert\">The email address or the password is incorrect.</p>" : "")}
        <form method="post" action="{SignInEndpoints.Path}">
        <label>Email <input name="email" type="email" autocomplete="username" required autofocus></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
        {Hidden(SignInEndpoints.ReturnUrl, returnUrl)}{Token(context, forgery)}
        <button>Sign in</button>
        </form>
        """, failed ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK);

    public static IResult Settings(HttpContext context, IAntiforgery forgery) => Page(context, "Settings", $"""
        <ul><li><a href="{SettingsEndpoints.Path}/api-keys">API Keys</a></li></ul>
        <form method="post" action="{SignInEndpoints.SignOut}">{Token(context, forgery)}<button>Sign out</button></form>
        """);

    public static IResult Consent(
        HttpContext context,
        IAntiforgery forgery,
        string client,
        string user,
        IEnumerable<ScopeDefinition> scopes,
        IEnumerable<KeyValuePair<string, OpenIddictParameter>> parameters) =>
        Page(context, $"Allow {client}?", $"""
            <p>It requests access to Twig as {Text(user)}:</p>
            <ul>{string.Concat(scopes.Select(scope => $"<li>{Text(scope.Description)} <code>{Text(scope.Name)}</code></li>"))}</ul>
            <form method="post" action="{OAuthEndpoints.Authorize}">
            {string.Concat(parameters.Select(parameter => Hidden(parameter.Key, (string?)parameter.Value)))}{Token(context, forgery)}
            <button name="{OAuthEndpoints.Decision}" value="{OAuthEndpoints.Allow}">Allow</button>
            <button name="{OAuthEndpoints.Decision}" value="deny">Deny</button>
            </form>
            """);

    private static IResult Page(HttpContext context, string title, string body, int status = StatusCodes.Status200OK)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
        return Results.Content($$"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>{{Text(title)}} · Twig</title>
            <style>body{font:16px/1.5 system-ui;max-width:22rem;margin:12vh auto;padding:0 1rem;color:#1c2b22}
            label{display:block;margin:.8rem 0}
            input{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.5rem;border:1px solid #9ab;border-radius:6px}
            button{font:inherit;padding:.5rem 1.2rem;margin:.8rem .5rem 0 0}
            button{border:1px solid #2b6e4f;border-radius:6px;background:#2b6e4f;color:#fff}
            code{color:#567}button[value=deny]{background:#fff;color:#2b6e4f}[role=alert]{color:#a3261b}</style></head>
            <body><h1>{{Text(title)}}</h1>{{body}}</body></html>
            """, "text/html; charset=utf-8", statusCode: status);
    }

    private static string Token(HttpContext context, IAntiforgery forgery)
    {
        var tokens = forgery.GetAndStoreTokens(context);
        return Hidden(tokens.FormFieldName, tokens.RequestToken);
    }

    private static string Hidden(string name, string? value) => $"""<input type="hidden" name="{Text(name)}" value="{Text(value)}">""";

    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");
}
