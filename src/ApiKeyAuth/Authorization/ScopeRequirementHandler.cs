using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Authorization;

/// <summary>Asks every identity by itself; what a key and a JWT hold never adds up.</summary>
internal sealed class ScopeRequirementHandler(ScopeCatalogue catalogue, IScopeUses uses) : IAuthorizationHandler
{
    private static readonly string[] ScopeClaims = Authentication.ScopeClaims.Types;

    /// <inheritdoc/>
    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        // Both are lists; walked by index they cost nothing, where the framework's base class makes four enumerators.
        var requirements = context.Requirements as IReadOnlyList<IAuthorizationRequirement> ?? [.. context.Requirements];
        for (var i = 0; i < requirements.Count; i++)
        {
            if (requirements[i] is ScopeRequirement requirement)
            {
                Handle(context, requirement);
            }
        }

        return Task.CompletedTask;
    }

    private void Handle(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        var identities = context.User.Identities as IReadOnlyList<ClaimsIdentity> ?? [.. context.User.Identities];
        var isSomebody = false;
        for (var i = 0; i < identities.Count; i++)
        {
            var identity = identities[i];
            isSomebody |= identity.IsAuthenticated;
            if (identity.IsAuthenticated && IsMet(identity, requirement))
            {
                context.Succeed(requirement);
                if (identity is ApiKeyIdentity key)
                {
                    // What is asked about the request itself is asked as it comes in. Elsewhere, as on a connection that lasts for hours, the key may have been let in long ago.
                    requirement.Note(key.Verified, uses, context.Resource is HttpContext ? key.VerifiedAt : 0);
                }

                return;
            }
        }

        if (isSomebody && context.Resource is HttpContext http)
        {
            RecordMissing(http, context.User, requirement);
        }
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
            .MinBy(missing => missing.Length)!;
        var notes = RequestNotes.Of(http);
        notes.MissingScopes = [.. notes.MissingScopes.Union(best, StringComparer.Ordinal)];
    }
}
