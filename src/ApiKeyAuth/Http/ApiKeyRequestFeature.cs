using System.Security.Claims;
using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Http;

/// <summary>What is noted of a request on its way; the outermost middleware, which begins it, turns a refusal into the answer.</summary>
/// <remarks>Every request makes one, so it is small, and what few need is made when it is needed.</remarks>
internal sealed class ApiKeyRequestFeature(HttpContext context)
{
    private string? _vary;
    private RequestFeatureDetails? _details;
    private string? _limit;
    private string? _remaining;
    private string? _reset;
    private uint _cost;
    private RequestFlags _flags;

    public HttpContext Context => context;

    /// <summary>Counts the request when its answer begins; null where nobody does, or it was counted.</summary>
    public Action<ApiKeyRequestFeature, bool>? Counter { get; set; }

    /// <summary>What the request is refused with, once something decided so.</summary>
    public ApiKeyError? Error { get; private set; }

    /// <summary>Whether a key was offered and refused on this request, whatever became of the request.</summary>
    public bool IsKeyRejected
    {
        get => HasFlag(RequestFlags.IsKeyRejected);
        set => SetFlag(RequestFlags.IsKeyRejected, value);
    }

    /// <summary>Whether that was counted against the caller's network; in a branch with a pipeline of its own it comes up twice.</summary>
    public bool IsFailureCounted
    {
        get => HasFlag(RequestFlags.IsFailureCounted);
        set => SetFlag(RequestFlags.IsFailureCounted, value);
    }

    /// <summary>Gets a value that indicates whether the pipeline ended for this request before: it now runs again, for an error page, say.</summary>
    public bool HasRun => HasFlag(RequestFlags.HasRun);

    /// <summary>Gets a value that indicates whether the refusal was written in this run of the pipeline.</summary>
    public bool IsErrorWritten => HasFlag(RequestFlags.IsErrorWritten);

    /// <summary>The refusal that was written as the answer, before any was folded into another.</summary>
    public ApiKeyError? WrittenError
    {
        get;
        set
        {
            field = value;
            SetFlag(RequestFlags.IsErrorWritten, value is not null);
        }
    }

    /// <summary>The keys that were refused though their secret was known, each with the code.</summary>
    public List<(VerifiedApiKey Key, string Code)>? RejectedKeys => _details?.RejectedKeys;

    /// <summary>What a request without a key is refused with if the endpoint also accepts another scheme; null if it accepts keys only.</summary>
    public ApiKeyError? ErrorWithoutKey
    {
        get => _details?.ErrorWithoutKey;
        set => Details.ErrorWithoutKey = value;
    }

    /// <summary>Whether the endpoint's policy refused the request and includes no key scheme: the response stays the framework's.</summary>
    public bool IsFrameworkResponse
    {
        get => HasFlag(RequestFlags.IsFrameworkResponse);
        set => SetFlag(RequestFlags.IsFrameworkResponse, value);
    }

    /// <summary>Gets the ID of the key that the request was charged to, or null if it was not charged.</summary>
    public string? ChargedKeyId { get; private set; }

    /// <summary>Gets what the request was charged.</summary>
    public long ChargedCost => _cost;

    /// <summary>The scopes that the endpoint's requirement missed.</summary>
    public IReadOnlyList<string> MissingScopes
    {
        get => _details?.MissingScopes ?? [];
        set => Details.MissingScopes = value;
    }

    private RequestFeatureDetails Details => _details ??= new RequestFeatureDetails();

    /// <summary>Gets or sets the identity that met the scope requirements of the endpoint, if it has any.</summary>
    public ClaimsIdentity? ActingIdentity { get; set; }

    /// <summary>Gets or sets whether authorization let the request through; what is evaluated later does not change who acts.</summary>
    public bool IsAuthorized
    {
        get => HasFlag(RequestFlags.IsAuthorized);
        set => SetFlag(RequestFlags.IsAuthorized, value);
    }

    /// <summary>Finds a request's notes, or begins them.</summary>
    public static ApiKeyRequestFeature GetOrCreate(HttpContext context)
    {
        // By the indexer: a look-up by a type parameter takes twice the time.
        if (context.Features[typeof(ApiKeyRequestFeature)] is ApiKeyRequestFeature notes)
        {
            return notes;
        }

        notes = new ApiKeyRequestFeature(context);
        context.Features[typeof(ApiKeyRequestFeature)] = notes;
        return notes;
    }

    /// <summary>Forgets who acts: the request enters a pipeline, for the first time or again (a branch, an error page).</summary>
    /// <param name="keepsIdentity">Whether the identity that acted before is kept until this pipeline decides.</param>
    public void BeginAuthorization(bool keepsIdentity) => (ActingIdentity, IsAuthorized) = (keepsIdentity ? ActingIdentity : null, false);

    /// <summary>Notes a key that was refused though its secret was known.</summary>
    public void AddRejectedKey(VerifiedApiKey key, string code) => (Details.RejectedKeys ??= new(1)).Add((key, code));

    /// <summary>Has the response vary on headers: at once, because a cache inside the process reads it at the first write, and again when the response starts.</summary>
    /// <param name="names">The headers' names, separated by commas; the same string for every request of a scheme.</param>
    public void AddVary(string names)
    {
        if (ReferenceEquals(_vary, names))
        {
            return;
        }

        var headers = context.GetResponseHeaders();
        if (headers.IsReadOnly)
        {
            return;
        }

        if (_vary is { } earlier)
        {
            names = CachingHeaders.UnionNames(earlier, names);
            if (headers.Vary is [var only] && ReferenceEquals(only, earlier))
            {
                headers.Vary = names;
            }
        }

        _vary = names;
        CachingHeaders.AddVary(headers, names);
        _details?.CacheGuard?.KeepVary(names);
        EnsureOnStarting();
    }

    /// <summary>Has no cache keep the response: a key was in the address.</summary>
    public void SetNoStore()
    {
        SetFlag(RequestFlags.IsNoStore, true);
        var headers = context.GetResponseHeaders();
        if (!headers.IsReadOnly)
        {
            headers.CacheControl = "no-store";
            EnsureOnStarting();
        }
    }

    /// <summary>Guards the response against a response cache inside the process.</summary>
    /// <param name="isHidden">Whether that cache must not store the response at all.</param>
    public void GuardCache(bool isHidden)
    {
        if ((Details.CacheGuard ??= ResponseCacheGuard.Install(context)) is { } guard)
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
    public void SetRateLimit(string limit, string remaining, string reset)
    {
        (_limit, _remaining, _reset) = (limit, remaining, reset);
        EnsureOnStarting();
    }

    /// <summary>Assigns a header when the response starts, so that neither a proxy nor an exception handler doubles or loses it.</summary>
    public void AssignHeader(string name, string value)
    {
        var headers = Details.Headers ??= [];
        headers.RemoveAll(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase));
        headers.Add((name, value));
        EnsureOnStarting();
    }

    /// <summary>Begins another run of the pipeline: what the one before refused is no refusal of this one.</summary>
    public void BeginRerun()
    {
        SetFlag(RequestFlags.IsErrorWritten, false);
        SetFlag(RequestFlags.IsFrameworkResponse, false);
        Error = null;
        if (_details is { } rare)
        {
            rare.ErrorWithoutKey = null;
            rare.MissingScopes = [];
        }
    }

    /// <summary>Notes that a run of the pipeline ended.</summary>
    public void EndRun() => SetFlag(RequestFlags.HasRun, true);

    /// <summary>Sees to it that what was noted is acted on when the answer begins, at the last moment: nothing the app does comes after it.</summary>
    public void EnsureOnStarting()
    {
        if (!HasFlag(RequestFlags.IsOnStartingRegistered))
        {
            SetFlag(RequestFlags.IsOnStartingRegistered, true);
            context.Response.OnStarting(static notes => ((ApiKeyRequestFeature)notes).OnResponseStartingAsync(), this);
        }
    }

    /// <summary>Counts the request once.</summary>
    public void Count(bool isResponseStarting)
    {
        var counter = Counter;
        Counter = null;
        counter?.Invoke(this, isResponseStarting);
    }

    /// <summary>Refuses the request; where several schemes do, the one that tells the caller most stands.</summary>
    public void Reject(ApiKeyError error)
    {
        if (Error is null || GetPrecedence(error) > GetPrecedence(Error))
        {
            Error = error;
        }
    }

    /// <summary>Refuses with 429 in place of what stood.</summary>
    public void ReplaceError(ApiKeyError error) => Error = error;

    private Task OnResponseStartingAsync()
    {
        Count(isResponseStarting: true);
        _details?.CacheGuard?.Release();
        var headers = context.GetResponseHeaders();
        if (HasFlag(RequestFlags.IsNoStore))
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

        _details?.Headers?.ForEach(header => headers[header.Name] = header.Value);
        if (WrittenError?.RetryAfter is { } wait && context.Response.StatusCode == WrittenError.StatusCode)
        {
            headers.RetryAfter = wait;
        }

        return Task.CompletedTask;
    }

    private bool HasFlag(RequestFlags flag) => (_flags & flag) != 0;

    private void SetFlag(RequestFlags flag, bool value) => _flags = value ? _flags | flag : _flags & ~flag;

    private static int GetPrecedence(ApiKeyError error) => error.Code switch
    {
        ApiKeyErrorCodes.MissingApiKey => 0,
        ApiKeyErrorCodes.MissingCredentials => 1,
        ApiKeyErrorCodes.InvalidApiKey when ReferenceEquals(error, ApiKeyError.UnrecognizedToken) => 2,
        ApiKeyErrorCodes.InvalidToken => 3,
        ApiKeyErrorCodes.InvalidApiKey => 4,
        ApiKeyErrorCodes.ExpiredApiKey => 5,
        ApiKeyErrorCodes.Forbidden => 6,
        ApiKeyErrorCodes.InsufficientScope or ApiKeyErrorCodes.IpNotAllowed or ApiKeyErrorCodes.WrongAudience => 7,
        ApiKeyErrorCodes.InvalidRequest => 8,
        _ => 9,
    };
}
