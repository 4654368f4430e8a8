using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Caching.Loading;

/// <summary>What a key from a store must have before anything relies on it: mapped by hand, a column's null would be a failed request later.</summary>
internal static class KeyIntegrity
{
    /// <summary>Names the member that is missing or malformed, or null for a whole key.</summary>
    public static string? FindInvalidMember(ApiKey key) =>
        !IsValidId(key.Id) ? nameof(key.Id)
        : key.Name is null ? nameof(key.Name)
        : key.Secrets is null || key.Secrets.Any(secret => secret?.Hash is null) ? nameof(key.Secrets)
        : key.Scopes is null ? nameof(key.Scopes)
        : key.RateLimits is null || key.RateLimits.Any(limit => limit == default) ? nameof(key.RateLimits)
        : key.Networks is null ? nameof(key.Networks)
        : key.Audiences is null ? nameof(key.Audiences)
        : key.Metadata is null ? nameof(key.Metadata)
        : null;

    /// <summary>Tells whether a text may be a key's id, which stands in logs and claims.</summary>
    public static bool IsValidId(string? id) => id is { Length: > 0 and <= 200 } && !id.Any(char.IsControl);
}
