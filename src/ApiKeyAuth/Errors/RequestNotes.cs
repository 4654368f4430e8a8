using System.Security.Claims;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Errors;

/// <summary>What is noted of a request on its way; the outermost middleware, which begins it, turns a refusal into the answer.</summary>
/// <remarks>Every request makes one, so it is small, and what few need is made when it is needed.</remarks>
internal sealed class RequestNotes(HttpContext context)
{
    private string? _vary;
    private RareNotes? _rare;
    private string? _limit;
    private string? _remaining;
    private string? _reset;
    private uint _cost;
    private NoteFlags _flags;

    public HttpContext Context => context;

    /// <summary>Counts the request when its answer begins; null where nobody does, or it was counted.</summary>
    public IRequestCounter? Counter { get; set; }

    /// <summary>What the request is refused with, once something decided so.</summary>
    public ApiKeyRefusal? Refusal { get; private set; }

    /// <summary>Whether a key was offered and refused on this request, whatever became of the request.</summary>
    public bool KeyRefused
    {
        get => Has(NoteFlags.KeyRefused);
        set => Set(NoteFlags.KeyRefused, value);
    }

    /// <summary>Whether that was counted against the caller's network; in a branch with a pipeline of its own it comes up twice.</summary>
    public bool KeyCounted
    {
        get => Has(NoteFlags.KeyCounted);
        set => Set(NoteFlags.KeyCounted, value);
    }

    /// <summary>Gets a value that indicates whether the pipeline ended for this request before: it now runs again, for an error page, say.</summary>
    public bool HasRun => Has(NoteFlags.HasRun);

    /// <summary>Gets a value that indicates whether the refusal was written in this run of the pipeline.</summary>
    public bool IsRefusalWritten => Has(NoteFlags.IsRefusalWritten);

    /// <summary>The refusal that was written as the answer, before any was folded into another.</summary>
    public ApiKeyRefusal? Written
    {
        get;
        set
        {
            field = value;
            Set(NoteFlags.IsRefusalWritten, value is not null);
        }
    }

    /// <summary>The keys that were refused though their secret was known, each with the code.</summary>
    public List<(VerifiedApiKey Key, string Code)>? RefusedKeys => _rare?.RefusedKeys;

    /// <summary>What a request without a key is refused with if the endpoint also accepts another scheme; null if it accepts keys only.</summary>
    public ApiKeyRefusal? WithoutKey
    {
        get => _rare?.WithoutKey;
        set => Rare.WithoutKey = value;
    }

    /// <summary>Whether the endpoint's policy refused the request and includes no key scheme: the response stays the framework's.</summary>
    public bool IsFrameworks
    {
        get => Has(NoteFlags.IsFrameworks);
        set => Set(NoteFlags.IsFrameworks, value);
    }

    /// <summary>Gets the ID of the key that the request was charged to, or null if it was not charged.</summary>
    public string? ChargedKeyId { get; private set; }

    /// <summary>Gets what the request was charged.</summary>
    public long ChargedCost => _cost;

    /// <summary>The scopes that the endpoint's requirement missed.</summary>
    public IReadOnlyList<string> MissingScopes
    {
        get => _rare?.MissingScopes ?? [];
        set => Rare.MissingScopes = value;
    }

    private RareNotes Rare => _rare ??= new RareNotes();

    /// <summary>Gets or sets the identity that met the scope requirements of the endpoint, if it has any.</summary>
    public ClaimsIdentity? ActingIdentity { get; set; }

    /// <summary>Gets or sets whether authorization let the request through; what is evaluated later does not change who acts.</summary>
    public bool IsAuthorized
    {
        get => Has(NoteFlags.IsAuthorized);
        set => Set(NoteFlags.IsAuthorized, value);
    }

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

    /// <summary>Forgets who acts: the request enters a pipeline, for the first time or again (a branch, an error page).</summary>
    /// <param name="keepsIdentity">Whether the identity that acted before is kept until this pipeline decides.</param>
    public void BeginAuthorization(bool keepsIdentity) => (ActingIdentity, IsAuthorized) = (keepsIdentity ? ActingIdentity : null, false);

    /// <summary>Notes a key that was refused though its secret was known.</summary>
    public void RefuseKey(VerifiedApiKey key, string code) => (Rare.RefusedKeys ??= new(1)).Add((key, code));

    /// <summary>Has the response vary on headers: at once, because a cache inside the process reads it at the first write, and again when the response starts.</summary>
    /// <param name="names">The headers' names, separated by commas; the same string for every request of a scheme.</param>
    public void VaryOn(string names)
    {
        if (ReferenceEquals(_vary, names))
        {
            return;
        }

        var headers = context.ResponseHeaders();
        if (headers.IsReadOnly)
        {
            return;
        }

        if (_vary is { } earlier)
        {
            names = CachingHeaders.Union(earlier, names);
            if (headers.Vary is [var only] && ReferenceEquals(only, earlier))
            {
                headers.Vary = names;
            }
        }

        _vary = names;
        CachingHeaders.AddVary(headers, names);
        _rare?.CacheGuard?.KeepVary(names);
        AwaitAnswer();
    }

    /// <summary>Has no cache keep the response: a key was in the address.</summary>
    public void NeverStore()
    {
        Set(NoteFlags.NeverStore, true);
        var headers = context.ResponseHeaders();
        if (!headers.IsReadOnly)
        {
            headers.CacheControl = "no-store";
            AwaitAnswer();
        }
    }

    /// <summary>Guards the response against a response cache inside the process.</summary>
    /// <param name="isHidden">Whether that cache must not store the response at all.</param>
    public void GuardCache(bool isHidden)
    {
        if ((Rare.CacheGuard ??= ResponseCacheGuard.Install(context)) is { } guard)
        {
            guard.KeepVary(_vary!);
            if (isHidden)
            {
                guard.HideFromCache();
            }
        }
    }

    /// <summary>Notes what the request was charged; it is charged once, however often the pipeline runs for it.</summary>
    public void Charge(string keyId, long cost)
    {
        _cost = (uint)(string.Equals(ChargedKeyId, keyId, StringComparison.Ordinal) ? _cost + cost : cost);
        ChargedKeyId = keyId;
    }

    /// <summary>Has the response tell the caller's limit, in place of what an upstream server or a middleware says of limits of its own.</summary>
    public void TellLimit(string limit, string remaining, string reset)
    {
        (_limit, _remaining, _reset) = (limit, remaining, reset);
        AwaitAnswer();
    }

    /// <summary>Assigns a header when the response starts, so that neither a proxy nor an exception handler doubles or loses it.</summary>
    public void AssignHeader(string name, string value)
    {
        var headers = Rare.Headers ??= [];
        headers.RemoveAll(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase));
        headers.Add((name, value));
        AwaitAnswer();
    }

    /// <summary>Begins another run of the pipeline: what the one before refused is no refusal of this one.</summary>
    public void BeginAgain()
    {
        Set(NoteFlags.IsRefusalWritten, false);
        Set(NoteFlags.IsFrameworks, false);
        Refusal = null;
        if (_rare is { } rare)
        {
            rare.WithoutKey = null;
            rare.MissingScopes = [];
        }
    }

    /// <summary>Notes that a run of the pipeline ended.</summary>
    public void EndRun() => Set(NoteFlags.HasRun, true);

    /// <summary>Sees to it that what was noted is acted on when the answer begins, at the last moment: nothing the app does comes after it.</summary>
    public void AwaitAnswer()
    {
        if (!Has(NoteFlags.AwaitsAnswer))
        {
            Set(NoteFlags.AwaitsAnswer, true);
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
        _rare?.CacheGuard?.Release();
        var headers = context.ResponseHeaders();
        if (Has(NoteFlags.NeverStore))
        {
            headers.CacheControl = "no-store";
        }

        if (_vary is { } vary)
        {
            CachingHeaders.AddVary(headers, vary);
        }

        if (_limit is { } limit)
        {
            headers["X-RateLimit-Limit"] = limit;
            headers["X-RateLimit-Remaining"] = _remaining;
            headers["X-RateLimit-Reset"] = _reset;
        }

        _rare?.Headers?.ForEach(header => headers[header.Name] = header.Value);
        if (Written?.RetryAfter is { } wait && context.Response.StatusCode == Written.Status)
        {
            headers.RetryAfter = wait;
        }

        return Task.CompletedTask;
    }

    private bool Has(NoteFlags flag) => (_flags & flag) != 0;

    private void Set(NoteFlags flag, bool value) => _flags = value ? _flags | flag : _flags & ~flag;

    private static int Weight(ApiKeyRefusal refusal) => refusal.Code switch
    {
        ApiKeyErrorCodes.MissingApiKey => 0,
        ApiKeyErrorCodes.MissingCredentials => 1,
        ApiKeyErrorCodes.InvalidApiKey when ReferenceEquals(refusal, ApiKeyRefusal.Foreign) => 2,
        ApiKeyErrorCodes.InvalidToken => 3,
        ApiKeyErrorCodes.InvalidApiKey => 4,
        ApiKeyErrorCodes.ExpiredApiKey => 5,
        ApiKeyErrorCodes.Forbidden => 6,
        ApiKeyErrorCodes.InsufficientScope or ApiKeyErrorCodes.IpNotAllowed or ApiKeyErrorCodes.WrongAudience => 7,
        ApiKeyErrorCodes.InvalidRequest => 8,
        _ => 9,
    };
}
