using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.SignalR;

namespace ApiKeyAuth.Authorization;

/// <summary>Lets a request through if one of its identities meets every scope requirement; the scopes of a key and of a token never add up.</summary>
internal sealed class ScopeRequirementHandler(ScopeCatalogue catalogue, IScopeUses uses) : IAuthorizationHandler
{
    private static readonly string[] ScopeClaims = Authentication.ScopeClaims.Types;

    /// <inheritdoc/>
    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        // Both are lists; walked by index they cost nothing, while the framework's base class makes four enumerators.
        var requirements = context.Requirements as IReadOnlyList<IAuthorizationRequirement> ?? [.. context.Requirements];
        if (!HasScopeRequirement(requirements))
        {
            return Task.CompletedTask;
        }

        var identities = context.User.Identities as IReadOnlyList<ClaimsIdentity> ?? [.. context.User.Identities];
        var isAuthenticated = false;
        for (var i = 0; i < identities.Count; i++)
        {
            if (!identities[i].IsAuthenticated)
            {
                continue;
            }

            isAuthenticated = true;
            if (MeetsAll(identities[i], requirements))
            {
                Succeed(context, requirements, identities[i]);
                return Task.CompletedTask;
            }
        }

        if (isAuthenticated && RequestOf(context.Resource) is { } http)
        {
            RecordMissing(http, identities, requirements);
        }

        return Task.CompletedTask;
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

    /// <summary>Gets the request that is authorized: by the middleware, or by a filter of MVC.</summary>
    private static HttpContext? RequestOf(object? resource) => resource as HttpContext ?? (resource as AuthorizationFilterContext)?.HttpContext;

    private bool MeetsAll(ClaimsIdentity identity, IReadOnlyList<IAuthorizationRequirement> requirements)
    {
        var key = identity is ApiKeyIdentity { IsChanged: false } unchanged ? unchanged.Verified.Scopes : null;
        var holds = key is null ? Holds(identity) : null;
        for (var i = 0; i < requirements.Count; i++)
        {
            if (requirements[i] is ScopeRequirement requirement && !(key is null ? requirement.IsMetBy(holds!) : requirement.IsMetBy(key)))
            {
                return false;
            }
        }

        return true;
    }

    private void Succeed(AuthorizationHandlerContext context, IReadOnlyList<IAuthorizationRequirement> requirements, ClaimsIdentity identity)
    {
        for (var i = 0; i < requirements.Count; i++)
        {
            if (requirements[i] is ScopeRequirement requirement)
            {
                context.Succeed(requirement);
            }
        }

        Record(context.Resource, requirements, identity);
    }

    /// <summary>Records which identity met the requirements and with which scopes. An evaluation that lets nothing through, such as one
    /// that decides what a page shows, records nothing.</summary>
    private void Record(object? resource, IReadOnlyList<IAuthorizationRequirement> requirements, ClaimsIdentity identity)
    {
        if (resource is HubInvocationContext)
        {
            RecordInvocation(requirements, identity);
        }
        else if (RequestOf(resource) is { } http && RequestNotes.Of(http) is var notes && (resource is AuthorizationFilterContext || !notes.IsAuthorized))
        {
            notes.ActingIdentity = identity;
            if (identity is ApiKeyIdentity { IsAdmitted: false } key)
            {
                key.MetScopes = MetScopes(requirements, key.Verified.Scopes);
                key.IsAdmitted = resource is AuthorizationFilterContext;
            }
        }
    }

    private void RecordInvocation(IReadOnlyList<IAuthorizationRequirement> requirements, ClaimsIdentity identity)
    {
        if (identity is ApiKeyIdentity key)
        {
            foreach (var scope in MetScopes(requirements, key.Verified.Scopes))
            {
                // The connection may have been opened long ago, so this counts as a use of now.
                uses.Note(key.Verified, scope, at: 0);
            }
        }
    }

    private static IReadOnlyList<string> MetScopes(IReadOnlyList<IAuthorizationRequirement> requirements, ScopeSet held)
    {
        IReadOnlyList<string>? met = null;
        for (var i = 0; i < requirements.Count; i++)
        {
            if (requirements[i] is ScopeRequirement requirement)
            {
                var scopes = requirement.MetBy(held);
                met = met is null ? scopes : [.. met.Union(scopes, StringComparer.Ordinal)];
            }
        }

        return met ?? [];
    }

    /// <summary>Gets which scopes an identity holds: those its claims name, with what they imply. Only a key's grant may hold wildcards: elsewhere they are words.</summary>
    private Func<string, bool> Holds(ClaimsIdentity identity)
    {
        if (identity is ApiKeyIdentity { IsChanged: false } key)
        {
            return key.Verified.Scopes.Contains;
        }

        var named = ScopeSet.Create(identity.Claims
            .Where(claim => ScopeClaims.Contains(claim.Type, StringComparer.Ordinal))
            .SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(ScopeSet.IsScope));
        if (identity is ApiKeyIdentity)
        {
            return catalogue.Expand(named).Contains;
        }

        var held = catalogue.Expand(ScopeSet.Create(named.Where(scope => !scope.Contains('*', StringComparison.Ordinal))));
        return scope => held.Contains(scope) || named.ContainsLiteral(scope);
    }

    /// <summary>Records what the identity that lacks the fewest scopes lacks.</summary>
    private void RecordMissing(HttpContext http, IReadOnlyList<ClaimsIdentity> identities, IReadOnlyList<IAuthorizationRequirement> requirements) =>
        RequestNotes.Of(http).MissingScopes = identities
            .Where(identity => identity.IsAuthenticated)
            .Select(Holds)
            .Select(holds => requirements.OfType<ScopeRequirement>()
                .Where(requirement => !requirement.IsMetBy(holds))
                .SelectMany(requirement => requirement.Scopes.Where(scope => !holds(scope)))
                .Distinct(StringComparer.Ordinal)
                .ToArray())
            .MinBy(missing => missing.Length)!;
}
