using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Management.CrossSite;

/// <summary>Detects callers that a cookie may have authenticated, because browsers send cookies with requests from any site.</summary>
/// <remarks>In case of doubt, it assumes a cookie.</remarks>
internal sealed class CookieAuthenticationDetector(IAuthenticationSchemeProvider schemes)
{
    private static readonly string[] BrowserSchemes = ["Basic", "Digest", "Negotiate", "NTLM", "Kerberos"];

    /// <summary>Determines whether a caller who did not act with a key may have been authenticated by a cookie.</summary>
    public async Task<bool> MayBeCookieAuthenticatedAsync(HttpContext context)
    {
        foreach (var scheme in await schemes.GetAllSchemesAsync())
        {
            if (IsCookie(scheme) && await IsCookieAcceptedAsync(context, scheme))
            {
                return !await IsTokenOnlyAsync(context);
            }
        }

        // No cookie scheme accepts the request. A handler of the app's own may still read a cookie, as JwtBearer does in many apps.
        return context.Request.Headers.Cookie.Count > 0 && !HasToken(context.Request);
    }

    private static bool IsCookie(AuthenticationScheme scheme) =>
        typeof(CookieAuthenticationHandler).IsAssignableFrom(scheme.HandlerType);

    // A handler with requests of its own, such as those of OpenID Connect and Negotiate, may pass on another scheme's identity.
    private static bool IsToken(AuthenticationScheme scheme) =>
        !IsCookie(scheme) && !typeof(IAuthenticationRequestHandler).IsAssignableFrom(scheme.HandlerType);

    /// <summary>Determines whether there is an <c>Authorization</c> header that only a script can set.</summary>
    /// <remarks>A script of another site can do so only if the app's CORS policy allows it.</remarks>
    private static bool HasToken(HttpRequest request) =>
        request.Headers.Authorization is [var value] && AuthenticationHeaderValue.TryParse(value, out var header)
        && header.Parameter is { Length: > 0 } && !BrowserSchemes.Contains(header.Scheme, StringComparer.OrdinalIgnoreCase);

    /// <summary>Determines whether all identities of the principal came from schemes that read tokens.</summary>
    private async Task<bool> IsTokenOnlyAsync(HttpContext context)
    {
        // The feature is set with the principal, and is stale if the app replaced it. It names all schemes of the policy.
        if (context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult is not { Succeeded: true } result
            || !ReferenceEquals(result.Principal, context.User))
        {
            return false;
        }

        var identities = new HashSet<ClaimsIdentity>(ReferenceEqualityComparer.Instance);
        foreach (var name in result.Ticket.AuthenticationScheme.Split(';'))
        {
            if (await schemes.GetSchemeAsync(name) is null)
            {
                return false;
            }

            var authenticated = await context.AuthenticateAsync(name);
            if (!authenticated.Succeeded)
            {
                continue;
            }

            if (await schemes.GetSchemeAsync(authenticated.Ticket.AuthenticationScheme) is not { } scheme || !IsToken(scheme))
            {
                return false;
            }

            identities.UnionWith(authenticated.Principal.Identities);
        }

        return context.User.Identities.Any() && context.User.Identities.All(identities.Contains);
    }

    /// <summary>Determines whether a scheme authenticates the request by a cookie. It may forward to another scheme.</summary>
    private async Task<bool> IsCookieAcceptedAsync(HttpContext context, AuthenticationScheme scheme) =>
        await context.AuthenticateAsync(scheme.Name) is { Succeeded: true } result
        && (await schemes.GetSchemeAsync(result.Ticket.AuthenticationScheme) is not { } accepting || IsCookie(accepting));
}
