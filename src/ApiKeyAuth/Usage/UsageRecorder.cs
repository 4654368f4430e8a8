using ApiKeyAuth.Authentication;
using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Usage;

/// <summary>Tells of a request with which keys it was made and how it ended.</summary>
internal sealed class UsageRecorder(UsageCounter counter)
{
    public bool IsOn => counter.IsOn;

    /// <summary>Counts the request once for each key whose secret it proved.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isAnswered">Whether its status goes to the caller.</param>
    public void Record(HttpContext context, bool isAnswered)
    {
        var feature = context.Features.Get<RefusalFeature>();
        var keys = AuthenticatedKeys.Of(context);
        if (keys.Count > 0)
        {
            var outcome = feature?.Written?.Code ?? Outcome(context.Response.StatusCode, isAnswered);
            for (var i = 0; i < keys.Count; i++)
            {
                counter.Count(keys[i], outcome, context.Connection.RemoteIpAddress);
            }
        }

        if (feature is { RefusedKeys.Count: > 0 })
        {
            CountRefused(context, feature.RefusedKeys, keys);
        }
    }

    private static string Outcome(int status, bool isAnswered) => status switch
    {
        < 400 when isAnswered => ApiKeyUsageOutcomes.Success,
        < 500 => ApiKeyUsageOutcomes.ClientError,
        _ => ApiKeyUsageOutcomes.ServerError,
    };

    /// <summary>Counts the keys that authentication refused, whatever became of the request; one that another scheme accepted was not refused.</summary>
    private void CountRefused(HttpContext context, List<(VerifiedApiKey Key, string Code)> refused, IReadOnlyList<VerifiedApiKey> accepted)
    {
        foreach (var (key, code) in refused.DistinctBy(each => each.Key.Key.Id, StringComparer.Ordinal))
        {
            if (!AuthenticatedKeys.Hold(accepted, key))
            {
                counter.Count(key, code, context.Connection.RemoteIpAddress);
            }
        }
    }
}
