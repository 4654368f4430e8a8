using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Caching.Loading;

/// <summary>Checks the keys that stores return. In a hand-written mapping, a null column would otherwise fail requests later.</summary>
internal static class KeyIntegrity
{
    /// <summary>Finds a member that is missing or malformed.</summary>
    /// <returns>The name of the member, or null if the key is valid.</returns>
    public static string? FindInvalidMember(ApiKey key) =>
        !IsValidId(key.Id) ? nameof(key.Id)
        : key.Name is null ? nameof(key.Name)
        : key.Secrets is null || key.Secrets.Any(secret => secret?.Hash is null) ? nameof(key.Secrets)
        : key.Scopes is null ? nameof(key.Scopes)
        : key.RateLimits is null || key.RateLimits.Any(limit => limit == default) ? nameof(key.RateLimits)
        : key.Networks is null ? nameof(key.Networks)
        : key.Audiences is null ? nameof(key.Audiences)
        : key.ExpiresAfterIdleDays < 1 ? nameof(key.ExpiresAfterIdleDays)
        : key.Metadata is null ? nameof(key.Metadata)
        : null;

    /// <summary>Determines whether a text is a valid key ID, which logs and claims show.</summary>
    public static bool IsValidId(string? id) => id is { Length: > 0 and <= 200 } && !id.Any(char.IsControl);
}
