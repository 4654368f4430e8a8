using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.SignalR;

namespace ApiKeyAuth.Authorization;

/// <summary>
/// Authorizes a request if one of its identities meets every scope requirement. The scopes of a key and of a token are never combined.
/// </summary>
internal sealed class ScopeRequirementHandler(ScopeCatalog catalog) : IAuthorizationHandler
{
    private static readonly string[] ScopeClaimTypes = ScopeClaims.Types;

    /// <inheritdoc/>
    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        // Both collections are lists. Reading them by index does not allocate. The base class of the framework creates four enumerators.
        var requirements = context.Requirements as IReadOnlyList<IAuthorizationRequirement> ?? [.. context.Requirements];
        if (!HasScopeRequirement(requirements))
        {
            return Task.CompletedTask;
        }

        var identities = context.User.Identities as IReadOnlyList<ClaimsIdentity> ?? [.. context.User.Identities];
        var acting = identities.Count > 1 && context.Resource is HubInvocationContext
            ? ActingPrincipal.FindKeptIdentity(context.User)
            : null;
        if (FindIdentity(identities, requirements, acting) is { } met)
        {
            Succeed(context, requirements, met);
        }
        else if (GetHttpContext(context.Resource) is { } http && identities.Any(identity => identity.IsAuthenticated))
        {
            RecordMissingScopes(http, identities, requirements);
        }

        return Task.CompletedTask;
    }

    /// <summary>Records the acting identity again after the policy of the endpoint authorized the request.</summary>
    /// <remarks>The handler of another requirement may have evaluated other scopes, which another identity met.</remarks>
    public void ConfirmActingIdentity(HttpContext context, AuthorizationPolicy policy)
    {
        var identities = context.User.Identities as IReadOnlyList<ClaimsIdentity> ?? [.. context.User.Identities];
        if ((identities.Count == 1 && policy.Requirements.Count == 1)
            || ApiKeyRequestFeature.GetOrCreate(context) is not { ActingIdentity: not null } feature)
        {
            return;
        }

        if (HasScopeRequirement(policy.Requirements))
        {
            feature.ActingIdentity = null;
            if (FindIdentity(identities, policy.Requirements, acting: null) is { } met)
            {
                RecordActingIdentity(context, policy.Requirements, met);
            }
        }
        else if (!context.IsErrorPage())
        {
            feature.ActingIdentity = null;
        }
    }

    /// <summary>Finds the key that meets the requirements of an invoked hub method, and the scopes with which it meets them.</summary>
    /// <returns>The key and its scopes, or null if no key meets the requirements.</returns>
    public (VerifiedApiKey Key, IReadOnlyList<string> Scopes)? FindInvocationScopes(
        ClaimsPrincipal user, IReadOnlyList<ScopeRequirement> requirements)
    {
        var identities = user.Identities as IReadOnlyList<ClaimsIdentity> ?? [.. user.Identities];
        var acting = identities.Count > 1 ? ActingPrincipal.FindKeptIdentity(user) : null;
        return FindIdentity(identities, requirements, acting) is ApiKeyIdentity key
            ? (key.Verified, GetMetScopes(requirements, key.Verified.Scopes))
            : null;
    }

    /// <summary>Finds the first identity that meets all requirements.</summary>
    private ClaimsIdentity? FindIdentity(
        IReadOnlyList<ClaimsIdentity> identities, IReadOnlyList<IAuthorizationRequirement> requirements, ClaimsIdentity? acting)
    {
        for (var i = 0; i < identities.Count; i++)
        {
            var identity = identities[i];
            if (identity.IsAuthenticated && (acting is null || ReferenceEquals(acting, identity)) && MeetsAll(identity, requirements))
            {
                return identity;
            }
        }

        return null;
    }

    private static bool HasScopeRequirement(IReadOnlyList<IAuthorizationRequirement> requirements)
    {
        for (var i = 0; i < requirements.Count; i++)
        {
            if (requirements[i] is ScopeRequirement)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gets the request that the middleware or an MVC filter authorizes.</summary>
    private static HttpContext? GetHttpContext(object? resource) =>
        resource as HttpContext ?? (resource as AuthorizationFilterContext)?.HttpContext;

    private bool MeetsAll(ClaimsIdentity identity, IReadOnlyList<IAuthorizationRequirement> requirements)
    {
        var key = identity is ApiKeyIdentity { HasChangedClaims: false } unchanged ? unchanged.Verified.Scopes : null;
        var holds = key is null ? CreateScopePredicate(identity) : null;
        for (var i = 0; i < requirements.Count; i++)
        {
            if (requirements[i] is ScopeRequirement requirement
                && !(key is null
                    ? requirement.IsMetBy(holds!) && (!requirement.IsAnyKey || identity.HasClaim(IsKeyId))
                    : requirement.IsMetBy(key)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsKeyId(Claim claim) => claim.Type == ApiKeyClaimTypes.KeyId;

    private static void Succeed(
        AuthorizationHandlerContext context, IReadOnlyList<IAuthorizationRequirement> requirements, ClaimsIdentity identity)
    {
        for (var i = 0; i < requirements.Count; i++)
        {
            if (requirements[i] is ScopeRequirement requirement)
            {
                context.Succeed(requirement);
            }
        }

        RecordActingIdentity(context.Resource, requirements, identity);
    }

    /// <summary>
    /// Records which identity met the requirements, and with which scopes. An evaluation that does not authorize the request, such as one
    /// that decides what a page shows, is not recorded.
    /// </summary>
    private static void RecordActingIdentity(
        object? resource, IReadOnlyList<IAuthorizationRequirement> requirements, ClaimsIdentity identity)
    {
        if (GetHttpContext(resource) is { } http && ApiKeyRequestFeature.GetOrCreate(http) is var feature
            && (resource is AuthorizationFilterContext || !feature.IsAuthorized))
        {
            feature.ActingIdentity = identity;
            if (identity is ApiKeyIdentity { IsAdmitted: false } key)
            {
                key.MetScopes = GetMetScopes(requirements, key.Verified.Scopes);
                key.IsAdmitted = resource is AuthorizationFilterContext;
            }
        }
    }

    private static IReadOnlyList<string> GetMetScopes(IReadOnlyList<IAuthorizationRequirement> requirements, ScopeSet held)
    {
        IReadOnlyList<string>? met = null;
        for (var i = 0; i < requirements.Count; i++)
        {
            if (requirements[i] is ScopeRequirement requirement)
            {
                var scopes = requirement.GetMetScopes(held);
                met = met is null ? scopes : [.. met.Union(scopes, StringComparer.Ordinal)];
            }
        }

        return met ?? [];
    }

    /// <summary>
    /// Creates a predicate for the scopes that an identity holds: those in its claims, and those that they imply. Wildcards only apply to
    /// keys. For other identities they are literal.
    /// </summary>
    private Func<string, bool> CreateScopePredicate(ClaimsIdentity identity)
    {
        if (identity is ApiKeyIdentity { HasChangedClaims: false } key)
        {
            return key.Verified.Scopes.Contains;
        }

        var named = ScopeSet.Create(identity.Claims
            .Where(claim => ScopeClaimTypes.Contains(claim.Type, StringComparer.Ordinal))
            .SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(ScopeSet.IsScope));
        if (identity is ApiKeyIdentity)
        {
            return catalog.Expand(named).Contains;
        }

        var held = catalog.Expand(ScopeSet.Create(named.Where(scope => !scope.Contains('*', StringComparison.Ordinal))));
        return scope => held.Contains(scope) || named.ContainsLiteral(scope);
    }

    /// <summary>Records the missing scopes of the identity that lacks the fewest.</summary>
    private void RecordMissingScopes(
        HttpContext http, IReadOnlyList<ClaimsIdentity> identities, IReadOnlyList<IAuthorizationRequirement> requirements) =>
        ApiKeyRequestFeature.GetOrCreate(http).MissingScopes = identities
            .Where(identity => identity.IsAuthenticated)
            .Select(CreateScopePredicate)
            .Select(holds => requirements.OfType<ScopeRequirement>()
                .Where(requirement => !requirement.IsMetBy(holds))
                .SelectMany(requirement => requirement.Scopes.Where(scope => !holds(scope)))
                .Distinct(StringComparer.Ordinal)
                .ToArray())
            .MinBy(missing => missing.Length)!;
}
