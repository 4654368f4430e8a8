using ApiKeyAuth.Authentication;
using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Usage;

/// <summary>Counts a request when its answer begins: its status is final then, and a connection that lasts for hours need not end first.</summary>
/// <remarks>Nobody sees an answer that was not counted. An answer that never began, because the app failed, is counted when the server is done with it.</remarks>
internal sealed class UsageRecorder(UsageCounter counter, HeaderCountries countries, LiveHosts live) : IRequestCounter
{
    /// <summary>Sees to it that the request is counted once: a branch, or an exception handler that runs the app again, brings it here twice.</summary>
    public void Begin(RequestNotes notes)
    {
        if (counter.IsOn && notes.Counter is null && !notes.Context.Response.HasStarted)
        {
            notes.Counter = this;
            notes.AwaitAnswer();
            notes.Context.Response.OnCompleted(static notes => EndAsync((RequestNotes)notes), notes);
        }
    }

    /// <summary>Counts the request once for each key whose secret it proved.</summary>
    public void Count(RequestNotes notes, bool isAnswered)
    {
        var context = notes.Context;
        var country = countries.Of(context);
        var keys = AuthenticatedKeys.Of(context);
        if (keys.Count > 0)
        {
            var outcome = notes.Written?.Code ?? Outcome(context.Response.StatusCode, isAnswered);
            for (var i = 0; i < keys.Count; i++)
            {
                counter.Count(keys[i], outcome, context.CallerAddress(), keys.VerifiedAt, country);
            }

            live.Note(context, keys);
            CountScopes(notes);
        }

        if (notes.RefusedKeys is { } refused)
        {
            CountRefused(context, refused, keys, country);
        }
    }

    /// <summary>
    /// Counts the scopes that let the request through. A request that was rejected after all, such as one over its limit, used none.
    /// </summary>
    private void CountScopes(RequestNotes notes)
    {
        if (notes.Written is null && notes.ActingIdentity is ApiKeyIdentity { IsAdmitted: true } key)
        {
            var scopes = key.MetScopes;
            for (var i = 0; i < scopes.Count; i++)
            {
                counter.Note(key.Verified, scopes[i], key.VerifiedAt);
            }
        }
    }

    private static Task EndAsync(RequestNotes notes)
    {
        notes.Count(isAnswered: false);
        return Task.CompletedTask;
    }

    private static string Outcome(int status, bool isAnswered) => status switch
    {
        < 400 when isAnswered => ApiKeyUsageOutcomes.Success,
        < 500 => ApiKeyUsageOutcomes.ClientError,
        _ => ApiKeyUsageOutcomes.ServerError,
    };

    /// <summary>Counts the keys that authentication refused, whatever became of the request; one that another scheme accepted was not refused.</summary>
    private void CountRefused(
        HttpContext context, List<(VerifiedApiKey Key, string Code)> refused, KeysOfRequest accepted, CountryCode country)
    {
        // Nearly always one: a known key that is refused is to take no longer than an unknown one.
        foreach (var (key, code) in refused.Count == 1 ? refused : refused.DistinctBy(each => each.Key.Key.Id, StringComparer.Ordinal))
        {
            if (!accepted.Hold(key))
            {
                counter.Count(key, code, context.CallerAddress(), country: country);
            }
        }
    }
}
