using System.Security.Claims;
using ApiKeyAuth.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication;

/// <summary>Finds the principal for which a request acts. If its policy merged several schemes, that is one identity of them, never their sum.</summary>
internal static class ActingPrincipal
{
    // The framework joins the schemes of a policy like this in the ticket of the merged principal.
    private const char SchemeSeparator = ';';

    /// <summary>Gets the principal that acts, or null if several identities authenticated and no scope requirement says which of them acts.</summary>
    public static ClaimsPrincipal? Find(HttpContext context)
    {
        if (!IsMerged(context))
        {
            return context.User;
        }

        return FindIdentity(context) is { } acting ? new ClaimsPrincipal(acting) : null;
    }

    /// <summary>Gets the identity that acts if the request's principal was merged of several, and null if it was not or if none is known to act.</summary>
    public static ClaimsIdentity? FindIdentity(HttpContext context) =>
        IsMerged(context) && RequestNotes.Of(context).ActingIdentity is { } acting && context.User.Identities.Contains(acting) ? acting : null;

    /// <summary>Determines whether the principal holds identities of several schemes. Several of one scheme, such as those that a claims transformation adds, are one caller.</summary>
    private static bool IsMerged(HttpContext context) =>
        HasSeveral(context.User)
        && (context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket is not { } ticket
            || ticket.AuthenticationScheme.Contains(SchemeSeparator, StringComparison.Ordinal));

    private static bool HasSeveral(ClaimsPrincipal user)
    {
        var identities = user.Identities as IReadOnlyList<ClaimsIdentity> ?? [.. user.Identities];
        var count = 0;
        for (var i = 0; i < identities.Count; i++)
        {
            count += identities[i].IsAuthenticated ? 1 : 0;
        }

        return count > 1;
    }
}
