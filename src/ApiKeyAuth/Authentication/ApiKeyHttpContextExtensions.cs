using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Scopes;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Http;

/// <summary>Provides the API key that a request acts with.</summary>
public static class ApiKeyHttpContextExtensions
{
    /// <summary>Gets the key that the request acts with, or null if it acts without one.</summary>
    /// <remarks>
    /// It holds what claims do not: metadata, limits, expiry. Its scopes are those granted; ask the authorization service what a caller may
    /// do. If the endpoint accepts several schemes and the request carries several credentials, this is the key that met the scope
    /// requirement; it is null if another credential met it, or if no scope requirement decides which of them acts.
    /// </remarks>
    public static ApiKey? GetApiKey(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return AuthenticatedKeys.FindActingKey(context)?.Key;
    }

    /// <summary>
    /// Counts scopes of the request's key as used, for an app that authorizes by itself, such as an MCP server for each of its tools.
    /// </summary>
    /// <remarks>
    /// The scope requirements of endpoints and hub methods are counted without this call. A policy that is only evaluated, to decide what
    /// to show for example, counts nothing. Scopes that the key does not hold are ignored, and so is a request without a key.
    /// </remarks>
    /// <param name="context">The request.</param>
    /// <param name="scopes">The scopes that the request needed.</param>
    public static void RecordScopeUse(this HttpContext context, params ReadOnlySpan<string> scopes)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (AuthenticatedKeys.FindActingKey(context) is not { } verified)
        {
            return;
        }

        var uses = context.RequestServices.GetRequiredService<IScopeUsageRecorder>();
        foreach (var scope in scopes)
        {
            if (verified.Scopes.Contains(scope))
            {
                uses.RecordUse(verified, scope, at: 0);
            }
        }
    }
}
