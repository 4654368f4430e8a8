using System.Security.Claims;
using ApiKeyAuth.Keys.Internal;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Http;

/// <summary>Represents the state of a request, such as the error that the outermost middleware writes as the response.</summary>
/// <remarks>Every request creates an instance, so it is small. State that few requests need is created on demand.</remarks>
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

    /// <summary>Gets or sets the delegate that counts the request. It is null if the request is not counted, or was already.</summary>
    public Action<ApiKeyRequestFeature, bool>? Counter { get; set; }

    /// <summary>Gets the error that the request is rejected with, or null.</summary>
    public ApiKeyError? Error { get; private set; }

    /// <summary>Gets or sets a value indicating whether a key of this request was rejected, even if the request was not.</summary>
    public bool IsKeyRejected
    {
        get => HasFlag(RequestFlags.IsKeyRejected);
        set => SetFlag(RequestFlags.IsKeyRejected, value);
    }

    /// <summary>Gets or sets a value indicating whether the rejected key was counted, so that a branch does not count it again.</summary>
    public bool IsFailureCounted
    {
        get => HasFlag(RequestFlags.IsFailureCounted);
        set => SetFlag(RequestFlags.IsFailureCounted, value);
    }

    /// <summary>Gets a value indicating whether the pipeline has already run. It runs again for an error page, for example.</summary>
    public bool HasRun => HasFlag(RequestFlags.HasRun);

    /// <summary>Gets a value indicating whether the error was written in this run of the pipeline.</summary>
    public bool IsErrorWritten => HasFlag(RequestFlags.IsErrorWritten);

    /// <summary>Gets or sets the error that was written. It is the original one if the options replace it in the response.</summary>
    public ApiKeyError? WrittenError
    {
        get;
        set
        {
            field = value;
            SetFlag(RequestFlags.IsErrorWritten, value is not null);
        }
    }

    /// <summary>Gets the keys that were rejected although the secret was correct, each with the error code.</summary>
    public List<(VerifiedApiKey Key, string Code)>? RejectedKeys => _details?.RejectedKeys;

    /// <summary>Gets or sets the outcome that the app recorded, or null if the status of the response decides.</summary>
    public string? Outcome { get => _details?.Outcome; set => Details.Outcome = value; }

    /// <summary>Gets or sets a value indicating whether the request is counted when it completes.</summary>
    public bool IsCountedWhenCompleted { get => _details?.IsCountedWhenCompleted == true; set => Details.IsCountedWhenCompleted = value; }

    /// <summary>Gets or sets the error for a request without a key, or null if the endpoint accepts only keys.</summary>
    public ApiKeyError? ErrorWithoutKey
    {
        get => _details?.ErrorWithoutKey;
        set => Details.ErrorWithoutKey = value;
    }

    /// <summary>Gets or sets a value indicating whether to keep the response of a policy that includes no key scheme.</summary>
    public bool IsFrameworkResponse
    {
        get => HasFlag(RequestFlags.IsFrameworkResponse);
        set => SetFlag(RequestFlags.IsFrameworkResponse, value);
    }

    /// <summary>Gets the ID of the key that the request was charged to, or null if it was not charged.</summary>
    public string? ChargedKeyId { get; private set; }

    /// <summary>Gets the number of permits that the request was charged.</summary>
    public long ChargedCost => _cost;

    /// <summary>Gets or sets the required scopes that the caller lacks.</summary>
    public IReadOnlyList<string> MissingScopes
    {
        get => _details?.MissingScopes ?? [];
        set => Details.MissingScopes = value;
    }

    private RequestFeatureDetails Details => _details ??= new RequestFeatureDetails();

    /// <summary>Gets or sets the identity that met the scope requirements of the endpoint, if it has any.</summary>
    public ClaimsIdentity? ActingIdentity { get; set; }

    /// <summary>Gets or sets a value indicating whether authorization succeeded, which makes the acting identity final.</summary>
    public bool IsAuthorized
    {
        get => HasFlag(RequestFlags.IsAuthorized);
        set => SetFlag(RequestFlags.IsAuthorized, value);
    }

    /// <summary>Gets the feature of a request, and creates it if it does not exist.</summary>
    public static ApiKeyRequestFeature GetOrCreate(HttpContext context)
    {
        if (context.Features.Get<ApiKeyRequestFeature>() is { } feature)
        {
            return feature;
        }

        feature = new ApiKeyRequestFeature(context);
        context.Features.Set(feature);
        return feature;
    }

    /// <summary>Resets authorization when the request enters a pipeline, such as that of a branch or an error page.</summary>
    /// <param name="keepsIdentity">Whether the acting identity is kept until this pipeline authorizes the request.</param>
    public void BeginAuthorization(bool keepsIdentity) => (ActingIdentity, IsAuthorized) = (keepsIdentity ? ActingIdentity : null, false);

    /// <summary>Records a key that was rejected although the secret was correct.</summary>
    public void AddRejectedKey(VerifiedApiKey key, string code) => (Details.RejectedKeys ??= new(1)).Add((key, code));

    /// <summary>Adds names to <c>Vary</c> now, because a cache reads it at the first write, and when the response starts.</summary>
    /// <param name="names">The names, separated by commas. It is the same instance for every request of a scheme.</param>
    public void AddVary(string names)
    {
        if (ReferenceEquals(_vary, names))
        {
            return;
        }

        var headers = context.Response.Headers;
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

    /// <summary>Prevents caches from storing the response, because the URL contains a key.</summary>
    public void SetNoStore()
    {
        SetFlag(RequestFlags.IsNoStore, true);
        var headers = context.Response.Headers;
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

    /// <summary>Records what a key was charged for the request. Charges to the same key are added up.</summary>
    public void Charge(string keyId, long cost)
    {
        _cost = (uint)(string.Equals(ChargedKeyId, keyId, StringComparison.Ordinal) ? _cost + cost : cost);
        ChargedKeyId = keyId;
    }

    /// <summary>Sets the rate limit headers, which replace those of an upstream server or of another middleware.</summary>
    public void SetRateLimit(string limit, string remaining, string reset)
    {
        (_limit, _remaining, _reset) = (limit, remaining, reset);
        EnsureOnStarting();
    }

    /// <summary>Sets a header when the response starts, so that a proxy or an exception handler cannot duplicate or remove it.</summary>
    public void AssignHeader(string name, string value)
    {
        var headers = Details.Headers ??= [];
        headers.RemoveAll(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase));
        headers.Add((name, value));
        EnsureOnStarting();
    }

    /// <summary>Begins another run of the pipeline, and resets the errors of the previous one.</summary>
    public void BeginRerun()
    {
        SetFlag(RequestFlags.IsErrorWritten, false);
        SetFlag(RequestFlags.IsFrameworkResponse, false);
        Error = null;
        if (_details is { } details)
        {
            details.ErrorWithoutKey = null;
            details.MissingScopes = [];
        }
    }

    /// <summary>Records that a run of the pipeline has ended.</summary>
    public void EndRun() => SetFlag(RequestFlags.HasRun, true);

    /// <summary>Registers the callback that counts the request and sets the headers when the response starts.</summary>
    public void EnsureOnStarting()
    {
        if (!HasFlag(RequestFlags.IsOnStartingRegistered))
        {
            SetFlag(RequestFlags.IsOnStartingRegistered, true);
            context.Response.OnStarting(static feature => ((ApiKeyRequestFeature)feature).OnResponseStartingAsync(), this);
        }
    }

    /// <summary>Counts the request if it was not counted before.</summary>
    public void Count(bool isResponseStarting)
    {
        var counter = Counter;
        Counter = null;
        counter?.Invoke(this, isResponseStarting);
    }

    /// <summary>Rejects the request. If several schemes reject it, the most specific error is kept.</summary>
    public void Reject(ApiKeyError error)
    {
        if (Error is null || GetPrecedence(error) > GetPrecedence(Error))
        {
            Error = error;
        }
    }

    /// <summary>Rejects the request with an error that replaces any other, such as a 429.</summary>
    public void ReplaceError(ApiKeyError error) => Error = error;

    private Task OnResponseStartingAsync()
    {
        Count(isResponseStarting: true);
        _details?.CacheGuard?.Release();
        var headers = context.Response.Headers;
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
