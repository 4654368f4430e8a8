using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Usage.Countries;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Usage.Counting;

/// <summary>Counts a request when its answer begins: its status is final then, and a connection that lasts for hours need not end first.</summary>
/// <remarks>Nobody sees an answer that was not counted. An answer that never began, because the app failed, is counted when the server is done with it.</remarks>
internal sealed class UsageRecorder(UsageCounter counter, HeaderGeoResolver geoResolver)
{
    // One delegate for all requests.
    private Action<ApiKeyRequestFeature, bool>? _count;

    /// <summary>Occurs when a request with keys that authentication accepted is counted.</summary>
    public event Action<HttpContext, RequestKeys>? Counted;

    /// <summary>Sees to it that the request is counted once: a branch, or an exception handler that runs the app again, brings it here twice.</summary>
    public void Attach(ApiKeyRequestFeature feature)
    {
        if (counter.IsEnabled && feature.Counter is null && !feature.Context.Response.HasStarted)
        {
            feature.Counter = _count ??= Count;
            feature.EnsureOnStarting();
            feature.Context.Response.OnCompleted(static notes => OnCompletedAsync((ApiKeyRequestFeature)notes), feature);
        }
    }

    /// <summary>Counts the request once for each key whose secret it proved.</summary>
    public void Count(ApiKeyRequestFeature feature, bool isResponseStarting)
    {
        var context = feature.Context;
        var country = geoResolver.GetCountry(context);
        var keys = AuthenticatedKeys.GetAll(context);
        if (keys.Count > 0)
        {
            var outcome = feature.WrittenError?.Code ?? GetOutcome(context.Response.StatusCode, isResponseStarting);
            for (var i = 0; i < keys.Count; i++)
            {
                counter.Count(keys[i], outcome, context.GetCallerAddress(), keys.VerifiedAt, country);
            }

            Counted?.Invoke(context, keys);
            CountScopes(feature);
        }

        if (feature.RejectedKeys is { } refused)
        {
            CountRejected(context, refused, keys, country);
        }
    }

    /// <summary>
    /// Counts the scopes that let the request through. A request that was rejected after all, such as one over its limit, used none.
    /// </summary>
    private void CountScopes(ApiKeyRequestFeature feature)
    {
        if (feature.WrittenError is null && feature.ActingIdentity is ApiKeyIdentity { IsAdmitted: true } key)
        {
            var scopes = key.MetScopes;
            for (var i = 0; i < scopes.Count; i++)
            {
                counter.RecordUse(key.Verified, scopes[i], key.VerifiedAt);
            }
        }
    }

    private static Task OnCompletedAsync(ApiKeyRequestFeature feature)
    {
        feature.Count(isResponseStarting: false);
        return Task.CompletedTask;
    }

    private static string GetOutcome(int status, bool isResponseStarting) => status switch
    {
        < 400 when isResponseStarting => ApiKeyUsageOutcomes.Success,
        < 500 => ApiKeyUsageOutcomes.ClientError,
        _ => ApiKeyUsageOutcomes.ServerError,
    };

    /// <summary>Counts the keys that authentication refused, whatever became of the request; one that another scheme accepted was not refused.</summary>
    private void CountRejected(
        HttpContext context, List<(VerifiedApiKey Key, string Code)> rejected, RequestKeys accepted, CountryCode country)
    {
        // Nearly always one: a known key that is refused is to take no longer than an unknown one.
        foreach (var (key, code) in rejected.Count == 1 ? rejected : rejected.DistinctBy(each => each.Key.Key.Id, StringComparer.Ordinal))
        {
            if (!accepted.Contains(key))
            {
                counter.Count(key, code, context.GetCallerAddress(), country: country);
            }
        }
    }
}
