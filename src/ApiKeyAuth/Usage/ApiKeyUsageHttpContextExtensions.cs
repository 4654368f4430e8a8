using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Http;
using ApiKeyAuth.Usage;
using ApiKeyAuth.Usage.Counting;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Http;

/// <summary>Provides the counting of scopes and failures for apps that authorize or reject requests by themselves.</summary>
public static class ApiKeyUsageHttpContextExtensions
{
    // The outcome is a tag of metrics and a column of stores, so its values are few.
    private static readonly string[] Failures =
    [
        ApiKeyUsageOutcomes.ClientError,
        ApiKeyUsageOutcomes.ServerError,
        ApiKeyErrorCodes.InvalidRequest,
        ApiKeyErrorCodes.InsufficientScope,
        ApiKeyErrorCodes.Forbidden,
        ApiKeyErrorCodes.NotFound,
        ApiKeyErrorCodes.Conflict,
        ApiKeyErrorCodes.RateLimitExceeded,
    ];

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
    /// <summary>
    /// Counts the request as failed, for a protocol whose errors have a successful status, such as MCP, JSON-RPC or GraphQL.
    /// </summary>
    /// <remarks>
    /// Call it before the response starts, because the request is counted then, or call <see cref="CountUsageWhenCompleted"/> before. An
    /// error response of the library counts as that error. A request without a key is not counted.
    /// </remarks>
    /// <param name="context">The request.</param>
    /// <param name="outcome">
    /// <see cref="ApiKeyUsageOutcomes.ClientError"/>, <see cref="ApiKeyUsageOutcomes.ServerError"/>, or one of these codes of
    /// <see cref="ApiKeyErrorCodes"/>: <c>invalid_request</c>, <c>insufficient_scope</c>, <c>forbidden</c>, <c>not_found</c>,
    /// <c>conflict</c>, <c>rate_limit_exceeded</c>.
    /// </param>
    /// <exception cref="ArgumentException">The outcome is another text.</exception>
    public static void RecordFailure(this HttpContext context, string outcome = ApiKeyUsageOutcomes.ClientError)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!Failures.Contains(outcome))
        {
            throw new ArgumentException($"The outcome must be one of {string.Join(", ", Failures)}.", nameof(outcome));
        }

        ApiKeyRequestFeature.GetOrCreate(context).Outcome = outcome;
    }
    /// <summary>
    /// Counts the request when it completes instead of when its response starts, for a response that starts before its outcome is known.
    /// </summary>
    /// <remarks>
    /// Call it before the response starts. It is not for connections that stay open for long, because they are not counted until they end.
    /// </remarks>
    /// <param name="context">The request.</param>
    public static void CountUsageWhenCompleted(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ApiKeyRequestFeature.GetOrCreate(context).IsCountedWhenCompleted = true;
    }
}
