using System.Security.Claims;
using ApiKeyAuth;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Twig.OAuth;

/// <summary>Maps the endpoints of OAuth 2.0: one asks the user for consent, the other exchanges the code for an access token.</summary>
internal static class OAuthEndpoints
{
    public const string Authorize = "/oauth/authorize";
    public const string Token = "/oauth/token";
    public const string Revoke = "/oauth/revoke";
    public const string Decision = "decision";
    public const string Allow = "allow";

    private static readonly ScopeDefinition OfflineAccess =
        new() { Name = Scopes.OfflineAccess, Description = "Keep this access without asking again." };

    private const string Server = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static void MapOAuth(this IEndpointRouteBuilder app)
    {
        app.MapMethods(Authorize, [HttpMethods.Get, HttpMethods.Post], AuthorizeAsync);
        app.MapPost(Token, ExchangeAsync);
    }

    private static async Task<IResult> AuthorizeAsync(
        HttpContext context,
        Accounts accounts,
        IOpenIddictApplicationManager clients,
        IAntiforgery forgery,
        IOptions<ApiKeyAuthOptions> options)
    {
        var request = context.GetOpenIddictServerRequest()!;
        var session = await context.AuthenticateAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        var account = accounts.Find(session.Principal?.FindFirstValue(Claims.Subject));
        if (request.HasPromptValue(PromptValues.None))
        {
            // The client asked for an answer without a page, and each request needs the user's consent.
            return account is null
                ? Reject(Errors.LoginRequired, "The user is not signed in.")
                : Reject(Errors.ConsentRequired, "The user must consent.");
        }

        if (account is null)
        {
            var kept = request.GetParameters().Where(parameter => parameter.Key != Decision);
            var query = QueryString.Create(kept.Select(parameter => KeyValuePair.Create(parameter.Key, (string?)parameter.Value)));
            return Results.Challenge(
                new AuthenticationProperties { RedirectUri = Authorize + query }, [CookieAuthenticationDefaults.AuthenticationScheme]);
        }

        var scopes = Granted(account, request.GetScopes());
        if (request[Decision] is null)
        {
            var client = await clients.FindByClientIdAsync(request.ClientId!);
            var name = await clients.GetLocalizedDisplayNameAsync(client!);
            var requested = options.Value.Scopes.Append(OfflineAccess).Where(scope => scopes.Contains(scope.Name));
            return Pages.Consent(context, forgery, name ?? request.ClientId!, account.Email, requested, request.GetParameters());
        }

        return !HttpMethods.IsPost(context.Request.Method) || !await forgery.IsRequestValidAsync(context) ? Results.BadRequest()
            : (string?)request[Decision] != Allow ? Reject(Errors.AccessDenied, "The user denied access.")
            : Results.SignIn(Principal(account, scopes), properties: null, Server);
    }

    // OpenIddict has already validated the code or the refresh token: its client and expiration, and that it was not used before.
    private static async Task<IResult> ExchangeAsync(HttpContext context, Accounts accounts)
    {
        var grant = await context.AuthenticateAsync(Server);
        return accounts.Find(grant.Principal?.GetClaim(Claims.Subject)) is { } account
            ? Results.SignIn(Principal(account, Granted(account, grant.Principal!.GetScopes())), properties: null, Server)
            : Reject(Errors.InvalidGrant, "The user no longer exists.");
    }

    /// <summary>Limits the scopes to the current permissions of the user.</summary>
    private static string[] Granted(Account account, IEnumerable<string> scopes) =>
        [.. scopes.Where(scope => scope is Scopes.OpenId or Scopes.OfflineAccess || account.Permissions.Contains(scope))];

    private static ClaimsPrincipal Principal(Account account, string[] scopes)
    {
        var identity = new ClaimsIdentity(Server, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, account.Id)
            .SetClaim(Claims.Name, account.Email)
            .SetClaim(ApiKeyClaimTypes.TenantId, account.Organization);
        identity.SetScopes(scopes);
        identity.SetDestinations(_ => [Destinations.AccessToken]);
        return new ClaimsPrincipal(identity);
    }

    private static IResult Reject(string error, string description) => Results.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [Server]);
}
