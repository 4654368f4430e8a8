using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Http;

/// <summary>Represents the state that few requests need. It is created on demand to keep other requests small.</summary>
internal sealed class RequestFeatureDetails
{
    /// <summary>Gets or sets the keys that were rejected although the secret was correct, each with the error code.</summary>
    public List<(VerifiedApiKey Key, string Code)>? RejectedKeys { get; set; }

    /// <summary>Gets or sets the error for a request without a key, if the endpoint also accepts another scheme.</summary>
    public ApiKeyError? ErrorWithoutKey { get; set; }

    /// <summary>Gets or sets the outcome that the app recorded, or null if the status of the response decides.</summary>
    public string? Outcome { get; set; }

    /// <summary>Gets or sets a value indicating whether the request is counted when it completes.</summary>
    public bool IsCountedWhenCompleted { get; set; }

    /// <summary>Gets or sets the required scopes that the caller lacks.</summary>
    public IReadOnlyList<string> MissingScopes { get; set; } = [];

    /// <summary>Gets or sets the headers that are assigned when the response starts.</summary>
    public List<(string Name, string Value)>? Headers { get; set; }

    /// <summary>Gets or sets the guard against a response cache inside the process.</summary>
    public ResponseCacheGuard? CacheGuard { get; set; }
}
