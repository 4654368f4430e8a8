using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Http;

/// <summary>Represents the notes that few requests need, so that the others do not pay for them.</summary>
internal sealed class RequestFeatureDetails
{
    /// <summary>Gets or sets the keys that were refused though their secret was known, each with the code.</summary>
    public List<(VerifiedApiKey Key, string Code)>? RejectedKeys { get; set; }

    /// <summary>Gets or sets what a request without a key is refused with if the endpoint also accepts another scheme.</summary>
    public ApiKeyError? ErrorWithoutKey { get; set; }

    /// <summary>Gets or sets the scopes that the endpoint's requirement missed.</summary>
    public IReadOnlyList<string> MissingScopes { get; set; } = [];

    /// <summary>Gets or sets the headers that are assigned when the response starts.</summary>
    public List<(string Name, string Value)>? Headers { get; set; }

    /// <summary>Gets or sets what keeps a response cache inside the process from storing what it must not.</summary>
    public ResponseCacheGuard? CacheGuard { get; set; }
}
