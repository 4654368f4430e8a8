using System.Runtime.CompilerServices;
using System.Security.Claims;
using ApiKeyAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authentication.Tickets;

/// <summary>
/// Finds the principal that a request acts as. If a policy merged several schemes, the principal has the identity of only one of them, so
/// that their permissions are never combined.
/// </summary>
internal static class ActingPrincipal
{
    // The framework joins the names of the merged schemes with this character in the ticket.
    private const char SchemeSeparator = ';';

    private static readonly ConditionalWeakTable<ClaimsPrincipal, ClaimsIdentity> KeptIdentities = [];

    /// <summary>
    /// Returns the acting principal, or null if several identities are authenticated and no scope requirement selects one of them.
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
    /// Returns the acting identity of a merged principal, or null if the principal is not merged or the acting identity is unknown.
    /// </summary>
    public static ClaimsIdentity? FindIdentity(HttpContext context) =>
        IsMerged(context) && (ApiKeyRequestFeature.GetOrCreate(context).ActingIdentity ?? FindKeptIdentity(context.User)) is { } acting
            && context.User.Identities.Contains(acting)
            ? acting
            : null;

    /// <summary>Stores the acting identity for the principal of a request to a hub.</summary>
    /// <remarks>
    /// SignalR passes the principal to the connection and its invocations. With long polling, it is the principal of the latest request, in
    /// a context that has neither the features nor the items of that request.
    /// </remarks>
    public static void KeepIdentity(HttpContext context)
    {
        if (FindIdentity(context) is { } acting)
        {
            KeptIdentities.AddOrUpdate(context.User, acting);
        }
    }

    /// <summary>Returns the acting identity for the principal of a hub connection, or null if none is stored.</summary>
    public static ClaimsIdentity? FindKeptIdentity(ClaimsPrincipal user) =>
        KeptIdentities.TryGetValue(user, out var acting) ? acting : null;

    /// <summary>
    /// Determines whether the principal contains identities of several schemes. Several identities of one scheme, such as those that a
    /// claims transformation adds, represent one caller.
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

    /// <summary>
    /// Determines whether two schemes read the same secret and the app did not change the claims. Both then represent one caller.
    /// </summary>
    private static bool AreSameKey(ClaimsIdentity first, ClaimsIdentity second) =>
        first is ApiKeyIdentity { HasChangedClaims: false, Verified: var one }
        && second is ApiKeyIdentity { HasChangedClaims: false, Verified: var other }
        && string.Equals(one.Key.Id, other.Key.Id, StringComparison.Ordinal) && one.Secret.Hash.Equals(other.Secret.Hash);
}
