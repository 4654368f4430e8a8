using ApiKeyAuth.Authentication.Tickets;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Usage.Countries;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Usage.Counting;

/// <summary>
/// Counts a request when its response starts. By then the status is final, and a long-lived connection is counted at its start.
/// </summary>
/// <remarks>
/// A response is counted before the caller receives it. If the app fails before the response starts, the request is counted when it
/// completes.
/// </remarks>
internal sealed class UsageRecorder(UsageCounter counter, HeaderGeoResolver geoResolver)
{
    // One delegate for all requests.
    private Action<ApiKeyRequestFeature, bool>? _count;

    /// <summary>Occurs when a request with keys that authentication accepted is counted.</summary>
    public event Action<HttpContext, RequestKeys>? Counted;

    /// <summary>
    /// Ensures that the request is counted once, even if the pipeline runs again for it in a branch or an exception handler.
    /// </summary>
    public void Attach(ApiKeyRequestFeature feature)
    {
        if (counter.IsEnabled && feature.Counter is null && !feature.Context.Response.HasStarted)
        {
            feature.Counter = _count ??= Count;
            feature.EnsureOnStarting();
            feature.Context.Response.OnCompleted(static notes => OnCompletedAsync((ApiKeyRequestFeature)notes), feature);
        }
    }

    /// <summary>Counts the request once for each key whose secret was valid.</summary>
    public void Count(ApiKeyRequestFeature feature, bool isResponseStarting)
    {
        var context = feature.Context;
        if (isResponseStarting && feature.IsCountedWhenCompleted)
        {
            feature.Counter = _count;
            feature.Outcome ??= GetOutcome(context.Response.StatusCode, isResponseStarting);
            return;
        }

        var country = geoResolver.GetCountry(context);
        var keys = AuthenticatedKeys.GetAll(context);
        if (keys.Count > 0)
        {
            var outcome = feature.WrittenError?.Code ?? feature.Outcome ?? GetOutcome(context.Response.StatusCode, isResponseStarting);
            var address = context.Connection.RemoteIpAddress;
            for (var i = 0; i < keys.Count; i++)
            {
                counter.Count(keys[i], outcome, address, keys.VerifiedAt, country, GetUsedScopes(feature, keys[i]));
            }

            Counted?.Invoke(context, keys);
        }

        if (feature.RejectedKeys is { } refused)
        {
            CountRejected(context, refused, keys, country);
        }
    }

    /// <summary>
    /// Gets the scopes of a key that let the request through. A request that was rejected after all, such as one over its limit, used none.
    /// </summary>
    private static IReadOnlyList<string>? GetUsedScopes(ApiKeyRequestFeature feature, VerifiedApiKey key) =>
        feature is { WrittenError: null, ActingIdentity: ApiKeyIdentity { IsAdmitted: true } acting }
            && ReferenceEquals(acting.Verified, key)
            ? acting.MetScopes
            : null;

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

    /// <summary>
    /// Counts the keys that authentication rejected, regardless of the result of the request. A key that another scheme accepted does not
    /// count.
    /// </summary>
    private void CountRejected(
        HttpContext context, List<(VerifiedApiKey Key, string Code)> rejected, RequestKeys accepted, CountryCode country)
    {
        // There is usually one. A rejected known key must not take longer than an unknown one.
        foreach (var (key, code) in rejected.Count == 1 ? rejected : rejected.DistinctBy(each => each.Key.Key.Id, StringComparer.Ordinal))
        {
            if (!accepted.Contains(key))
            {
                counter.Count(key, code, context.Connection.RemoteIpAddress, country: country, isAccepted: false);
            }
        }
    }
}
