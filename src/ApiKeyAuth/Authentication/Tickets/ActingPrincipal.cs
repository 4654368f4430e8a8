using System.Runtime.CompilerServices;
using System.Security.Claims;
using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication.Tickets;

/// <summary>
/// Finds the principal for which a request acts. If its policy merged several schemes, that is one identity of them, never their sum.
/// </summary>
internal static class ActingPrincipal
{
    // The framework joins the schemes of a policy like this in the ticket of the merged principal.
    private const char SchemeSeparator = ';';

    private static readonly ConditionalWeakTable<ClaimsPrincipal, ClaimsIdentity> KeptIdentities = [];

    /// <summary>
    /// Gets the principal that acts, or null if several identities authenticated and no scope requirement says which of them acts.
    /// </summary>
    public static ClaimsPrincipal? Find(HttpContext context)
    {
        if (!IsMerged(context))
        {
            return context.User;
        }

        return FindIdentity(context) is { } acting ? new ClaimsPrincipal(acting) : null;
    }

    /// <summary>
    /// Gets the identity that acts if the request's principal was merged of several, and null if it was not or if none is known to act.
    /// </summary>
    public static ClaimsIdentity? FindIdentity(HttpContext context) =>
        IsMerged(context) && (ApiKeyRequestFeature.GetOrCreate(context).ActingIdentity ?? FindKeptIdentity(context.User)) is { } acting
            && context.User.Identities.Contains(acting)
            ? acting
            : null;

    /// <summary>Keeps the identity that acts with the principal of a request to a hub.</summary>
    /// <remarks>
    /// SignalR passes that principal on to the connection and its invocations. With long polling it is the one of the latest request, in a
    /// context that has neither the features nor the items of that request.
    /// </remarks>
    public static void KeepIdentity(HttpContext context)
    {
        if (FindIdentity(context) is { } acting)
        {
            KeptIdentities.AddOrUpdate(context.User, acting);
        }
    }

    /// <summary>Finds the identity that acts with the principal of a hub connection; null if none of several is known to act.</summary>
    public static ClaimsIdentity? FindKeptIdentity(ClaimsPrincipal user) =>
        KeptIdentities.TryGetValue(user, out var acting) ? acting : null;

    /// <summary>
    /// Determines whether the principal holds identities of several schemes. Several of one scheme, such as those that a claims
    /// transformation adds, are one caller.
    /// </summary>
    private static bool IsMerged(HttpContext context) =>
        HasSeveralCallers(context.User)
        && (context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket is not { } ticket
            || ticket.AuthenticationScheme.Contains(SchemeSeparator, StringComparison.Ordinal));

    private static bool HasSeveralCallers(ClaimsPrincipal user)
    {
        var identities = user.Identities as IReadOnlyList<ClaimsIdentity> ?? [.. user.Identities];
        ClaimsIdentity? first = null;
        for (var i = 0; i < identities.Count; i++)
        {
            if (identities[i].IsAuthenticated && first is not null && !AreSameKey(first, identities[i]))
            {
                return true;
            }

            first ??= identities[i].IsAuthenticated ? identities[i] : null;
        }

        return false;
    }

    /// <summary>Determines whether two schemes read the same secret: one caller, unless the app changed what one identity may do.</summary>
    private static bool AreSameKey(ClaimsIdentity first, ClaimsIdentity second) =>
        first is ApiKeyIdentity { HasChangedClaims: false, Verified: var one }
        && second is ApiKeyIdentity { HasChangedClaims: false, Verified: var other }
        && string.Equals(one.Key.Id, other.Key.Id, StringComparison.Ordinal) && one.Secret.Hash.Equals(other.Secret.Hash);
}
