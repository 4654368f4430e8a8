using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ApiKeyAuth.Errors;

/// <summary>What is noted of a request on its way; the outermost middleware, which begins it, turns a refusal into the answer.</summary>
/// <remarks>Every request makes one, so it is small, and what few need is made when it is needed.</remarks>
internal sealed class RequestNotes(HttpContext context)
{
    private bool _awaitsAnswer;
    private bool _neverStore;
    private StringValues _varyOn;

    public HttpContext Context => context;

    /// <summary>Counts the request when its answer begins; null where nobody does, or it was counted.</summary>
    public IRequestCounter? Counter { get; set; }

    /// <summary>What the request is refused with, once something decided so.</summary>
    public ApiKeyRefusal? Refusal { get; private set; }

    /// <summary>Whether a key was offered and refused on this request, whatever became of the request.</summary>
    public bool KeyRefused { get; set; }

    /// <summary>Whether that was counted against the caller's network; in a branch with a pipeline of its own it comes up twice.</summary>
    public bool KeyCounted { get; set; }

    /// <summary>The refusal that was written as the answer, before any was folded into another.</summary>
    public ApiKeyRefusal? Written { get; set; }

    /// <summary>The keys that were refused though their secret was known, each with the code.</summary>
    public List<(VerifiedApiKey Key, string Code)>? RefusedKeys { get; private set; }

    /// <summary>What the request is refused with if the scheme that was asked in place of keys lets nobody in either.</summary>
    public ApiKeyRefusal? Elsewhere { get; set; }

    /// <summary>What the request was charged, and for which endpoint if it had one yet; noted only where it may pass several limiters or refused requests are charged too.</summary>
    public RequestCharge? Charged { get; set; }

    /// <summary>The scopes that the endpoint's requirement missed.</summary>
    public IReadOnlyList<string> MissingScopes { get; set; } = [];

    /// <summary>Finds a request's notes, or begins them.</summary>
    public static RequestNotes Of(HttpContext context)
    {
        // By the indexer: a look-up by a type parameter takes twice the time.
        if (context.Features[typeof(RequestNotes)] is RequestNotes notes)
        {
            return notes;
        }

        notes = new RequestNotes(context);
        context.Features[typeof(RequestNotes)] = notes;
        return notes;
    }

    /// <summary>Notes a key that was refused though its secret was known.</summary>
    public void RefuseKey(VerifiedApiKey key, string code) => (RefusedKeys ??= []).Add((key, code));

    /// <summary>Has the answer vary on a header.</summary>
    public void VaryOn(string header)
    {
        if (_varyOn.Count == 0)
        {
            _varyOn = header;
        }
        else if (!_varyOn.Contains(header, StringComparer.Ordinal))
        {
            _varyOn = StringValues.Concat(_varyOn, header);
        }

        AwaitAnswer();
    }

    /// <summary>Has the answer kept by no cache: a key stood in the address.</summary>
    public void NeverStore()
    {
        _neverStore = true;
        AwaitAnswer();
    }

    /// <summary>Sees to it that what was noted is acted on when the answer begins, at the last moment: nothing the app does comes after it.</summary>
    public void AwaitAnswer()
    {
        if (!_awaitsAnswer)
        {
            _awaitsAnswer = true;
            context.Response.OnStarting(static notes => ((RequestNotes)notes).AnswerAsync(), this);
        }
    }

    /// <summary>Counts the request once.</summary>
    public void Count(bool isAnswered)
    {
        var counter = Counter;
        Counter = null;
        counter?.Count(this, isAnswered);
    }

    /// <summary>Refuses the request; where several schemes do, the one that tells the caller most stands.</summary>
    public void Refuse(ApiKeyRefusal refusal)
    {
        if (Refusal is null || Weight(refusal) > Weight(Refusal))
        {
            Refusal = refusal;
        }
    }

    /// <summary>Refuses with 429 in place of what stood.</summary>
    public void Replace(ApiKeyRefusal refusal) => Refusal = refusal;

    private Task AnswerAsync()
    {
        Count(isAnswered: true);
        if (_neverStore)
        {
            context.Response.Headers.CacheControl = "no-store";
        }

        if (_varyOn.Count > 0)
        {
            CachingHeaders.AddVary(context.Response, _varyOn);
        }

        return Task.CompletedTask;
    }

    private static int Weight(ApiKeyRefusal refusal) => refusal.Code switch
    {
        ApiKeyErrorCodes.MissingApiKey => 0,
        ApiKeyErrorCodes.InvalidApiKey => 1,
        ApiKeyErrorCodes.ExpiredApiKey => 2,
        ApiKeyErrorCodes.Forbidden => 3,
        ApiKeyErrorCodes.InsufficientScope or ApiKeyErrorCodes.IpNotAllowed or ApiKeyErrorCodes.WrongAudience => 4,
        ApiKeyErrorCodes.InvalidRequest => 5,
        _ => 6,
    };
}
