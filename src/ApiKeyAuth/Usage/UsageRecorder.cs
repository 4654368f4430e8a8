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
        if (countries.IsOn)
        {
            countries.Note(context);
        }

        var keys = AuthenticatedKeys.Of(context);
        if (keys.Count > 0)
        {
            var outcome = notes.Written?.Code ?? Outcome(context.Response.StatusCode, isAnswered);
            for (var i = 0; i < keys.Count; i++)
            {
                counter.Count(keys[i], outcome, context.CallerAddress(), keys.VerifiedAt);
            }

            live.Note(context, keys);
        }

        if (notes.RefusedKeys is { } refused)
        {
            CountRefused(context, refused, keys);
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
    private void CountRefused(HttpContext context, List<(VerifiedApiKey Key, string Code)> refused, KeysOfRequest accepted)
    {
        foreach (var (key, code) in refused.DistinctBy(each => each.Key.Key.Id, StringComparer.Ordinal))
        {
            if (!accepted.Hold(key))
            {
                counter.Count(key, code, context.CallerAddress());
            }
        }
    }
}
