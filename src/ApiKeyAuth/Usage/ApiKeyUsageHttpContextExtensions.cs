using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Usage.Counting;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Http;

/// <summary>Provides the counting of scopes for apps that authorize requests by themselves.</summary>
public static class ApiKeyUsageHttpContextExtensions
{
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

        var counter = context.RequestServices.GetRequiredService<UsageCounter>();
        foreach (var scope in scopes)
        {
            if (verified.Scopes.Contains(scope))
            {
                counter.RecordUse(verified, scope, at: 0);
            }
        }
    }
}
