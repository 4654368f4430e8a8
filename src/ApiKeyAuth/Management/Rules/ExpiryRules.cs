using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management.Rules;

/// <summary>
/// Determines when keys expire: as requested, at most after the maximum lifetime, and by default after the default lifetime.
/// </summary>
internal sealed class ExpiryRules(ApiKeyManagementOptions options, TimeProvider clock)
{
    private const string InstantField = "expiresAt";
    private const string DaysField = "expiresInDays";
    private const string StartField = "notBefore";

    /// <summary>Determines when a new key expires.</summary>
    public ApiKeyExpiry? Resolve(NewApiKey request, Dictionary<string, string> problems, bool allowsPast)
    {
        if (request.ExpiresAt is not null && request.ExpiresInDays is not null)
        {
            problems.TryAdd(DaysField, "cannot be combined with expiresAt; send one of them");
        }

        if (request.ExpiresInDays is < 1 or > 36_500)
        {
            problems.TryAdd(DaysField, "must be from 1 to 36500");
            return null;
        }

        var now = clock.GetUtcNow();
        return request.ExpiresInDays is { } days ? Check(DaysField, new ApiKeyExpiry(now.AddDays(days)), problems)
            : request.ExpiresAt is not { } requested ? GetDefault(now)
            : allowsPast && requested.Instant <= now ? requested
            : Check(requested, problems);
    }

    /// <summary>Checks a requested expiration; null requests a key that never expires.</summary>
    public ApiKeyExpiry? Check(ApiKeyExpiry? requested, Dictionary<string, string> problems) => Check(InstantField, requested, problems);

    /// <summary>Checks that a key expires after the time from which it is accepted.</summary>
    /// <param name="key">The key.</param>
    /// <param name="isStartChanged">Whether the start is reported as wrong, and not the expiration.</param>
    /// <param name="problems">The problems found.</param>
    public static void CheckStart(ApiKey key, bool isStartChanged, Dictionary<string, string> problems)
    {
        if (key.NotBefore >= key.ExpiresAt?.Instant)
        {
            var (field, problem) = isStartChanged
                ? (StartField, $"must be before the expiration, {key.ExpiresAt}")
                : (InstantField, $"must be after notBefore, {new ApiKeyExpiry(key.NotBefore!.Value)}");
            problems.TryAdd(field, problem);
        }
    }

    private ApiKeyExpiry? Check(string field, ApiKeyExpiry? requested, Dictionary<string, string> problems)
    {
        var now = clock.GetUtcNow();
        if (requested?.Instant <= now)
        {
            problems.TryAdd(field, "must be in the future");
        }
        else if (options.MaxLifetime is { } max && !(requested?.Instant <= GetLatestExpiration(now, max, requested)))
        {
            problems.TryAdd(
                field, $"{(requested is null ? "is required" : "is too late")}; a key may be valid for at most {(long)max.TotalDays} days");
        }

        return requested;
    }

    private ApiKeyExpiry? GetDefault(DateTimeOffset now) =>
        (options.DefaultLifetime ?? options.MaxLifetime) is { } lifetime ? new ApiKeyExpiry(now + lifetime) : null;

    // A date lasts until the end of its day, which may be some hours later than the maximum lifetime counted from now.
    private static DateTimeOffset GetLatestExpiration(DateTimeOffset now, TimeSpan maxLifetime, ApiKeyExpiry? requested) =>
        now + maxLifetime + (requested is { IsDate: true } ? TimeSpan.FromDays(1) : TimeSpan.Zero);
}
