using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Connections.Checks;
using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Connections;

/// <summary>Creates open connections from authorized requests.</summary>
internal sealed class StreamFactory(StreamRequirements requirements, IOptionsMonitor<ApiKeySchemeOptions> schemes)
{
    private static readonly object ActingKeysItem = new();

    /// <summary>Stores the keys of a request to a hub, unless the principal alone identifies the key.</summary>
    /// <remarks>
    /// SignalR gives the connections of long polling a context of their own, which has the items of the request but not its features.
    /// </remarks>
    public static void KeepActingKeys(HttpContext context)
    {
        var keys = AuthenticatedKeys.GetAll(context);
        var identities = context.User.Identities as IReadOnlyList<ClaimsIdentity> ?? [.. context.User.Identities];
        var isIdentified = identities is [var only]
            && (only is ApiKeyIdentity key ? keys.Count == 1 && ReferenceEquals(key.Verified, keys[0]) : keys.Count == 0);
        if (!isIdentified)
        {
            context.Items[ActingKeysItem] = keys;
            ActingPrincipal.KeepIdentity(context);
        }
    }

    /// <summary>Returns the keys of a request to a hub.</summary>
    public static RequestKeys FindActingKeys(HttpContext context) =>
        context.Features.Get<IItemsFeature>() is { } feature && feature.Items.TryGetValue(ActingKeysItem, out var kept)
            && kept is RequestKeys keys
            ? keys
            : AuthenticatedKeys.GetAll(context);

    /// <summary>Creates a connection.</summary>
    /// <param name="keys">The keys of the request, at least one. All of them must allow the connection.</param>
    /// <param name="context">The request.</param>
    /// <param name="target">The object that is aborted to end the connection: the request, or the caller of a hub.</param>
    public async ValueTask<OpenStream> CreateAsync(RequestKeys keys, HttpContext context, object target)
    {
        var required = await requirements.FindAsync(context.GetEndpoint());
        var first = Create(keys[0], context, target, required);
        for (var i = 1; i < keys.Count; i++)
        {
            var other = Create(keys[i], context, target, required);
            (other.Sibling, first.Sibling) = (first.Sibling, other);
        }

        return first;
    }

    private OpenStream Create(VerifiedApiKey verified, HttpContext context, object target, ScopeRequirement[] required)
    {
        // A requirement that the key does not meet was met by another identity or by the app's own claims. The scopes of the key are
        // irrelevant to it.
        var met = StreamRules.AreMet(required, verified.Scopes) ? required : Array.FindAll(required, each => each.IsMetBy(verified.Scopes));
        return new OpenStream(verified, met, context.Connection.RemoteIpAddress, FindAudience(verified, context), target);
    }

    private string? FindAudience(VerifiedApiKey verified, HttpContext context)
    {
        foreach (var identity in context.User.Identities)
        {
            if (identity is ApiKeyIdentity { AuthenticationType: { } scheme } key && ReferenceEquals(key.Verified, verified))
            {
                return FindAudience(schemes.Get(scheme), context);
            }
        }

        return null;
    }

    private static string? FindAudience(ApiKeySchemeOptions scheme, HttpContext context)
    {
        try
        {
            return scheme.AudienceSelector is { } select ? select(context) : scheme.Audience;
        }
        catch (Exception)
        {
            // A key without audiences was accepted without the app's selector. If the key gets audiences later, its connection ends.
            return null;
        }
    }
}
