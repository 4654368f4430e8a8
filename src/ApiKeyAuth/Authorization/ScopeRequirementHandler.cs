using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authorization;

/// <summary>Asks every identity by itself; what a key and a JWT hold never adds up.</summary>
internal sealed class ScopeRequirementHandler(ScopeCatalogue catalogue, IScopeUses uses) : AuthorizationHandler<ScopeRequirement>
{
    private static readonly string[] ScopeClaims = Authentication.ScopeClaims.Types;

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        foreach (var identity in context.User.Identities)
        {
            if (identity.IsAuthenticated && IsMet(identity, requirement))
            {
                context.Succeed(requirement);
                if (identity is ApiKeyIdentity key)
                {
                    requirement.Note(key.Verified, uses);
                }

                return Task.CompletedTask;
            }
        }

        if (context.Resource is HttpContext http)
        {
            RecordMissing(http, context.User, requirement);
        }

        return Task.CompletedTask;
    }

    private bool IsMet(ClaimsIdentity identity, ScopeRequirement requirement) =>
        identity is ApiKeyIdentity { IsChanged: false } key
            ? requirement.IsMetBy(key.Verified.Scopes)
            : requirement.IsMetBy(Holds(identity));

    /// <summary>Tells which scopes an identity holds: those its claims name, with what they imply. Only a key's grant may hold wildcards: elsewhere they are words.</summary>
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

    private void RecordMissing(HttpContext http, ClaimsPrincipal user, ScopeRequirement requirement)
    {
        var best = user.Identities
            .Where(identity => identity.IsAuthenticated)
            .Select(Holds)
            .Select(holds => requirement.Scopes.Where(scope => !holds(scope)).ToArray())
            .MinBy(missing => missing.Length);
        if (best is null)
        {
            return;
        }

        var feature = RefusalFeature.Of(http);
        feature.MissingScopes = [.. feature.MissingScopes.Union(best, StringComparer.Ordinal)];
    }
}
