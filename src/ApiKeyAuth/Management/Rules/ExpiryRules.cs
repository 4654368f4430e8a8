using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management.Rules;

/// <summary>Settles when keys end: as asked, within the app's longest lifetime, by default after its default one.</summary>
internal sealed class ExpiryRules(ApiKeyManagementOptions options, TimeProvider clock)
{
    private const string InstantField = "expiresAt";
    private const string DaysField = "expiresInDays";

    /// <summary>Settles when a new key ends.</summary>
    public ApiKeyExpiry? Resolve(NewApiKey request, Dictionary<string, string> problems, bool allowsPast)
    {
        if (request.ExpiresAt is not null && request.ExpiresInDays is not null)
        {
            problems.TryAdd(DaysField, "and expiresAt are both given; keep one");
        }

        if (request.ExpiresInDays is < 1 or > 36_500)
        {
            problems.TryAdd(DaysField, "ranges from 1 to 36500");
            return null;
        }

        var now = clock.GetUtcNow();
        return request.ExpiresInDays is { } days ? Check(DaysField, new ApiKeyExpiry(now.AddDays(days)), problems)
            : request.ExpiresAt is not { } asked ? GetDefault(now)
            : allowsPast && asked.Instant <= now ? asked
            : Check(asked, problems);
    }

    /// <summary>Checks an end that was asked for; null asks for none.</summary>
    public ApiKeyExpiry? Check(ApiKeyExpiry? requested, Dictionary<string, string> problems) => Check(InstantField, requested, problems);

    private ApiKeyExpiry? Check(string field, ApiKeyExpiry? requested, Dictionary<string, string> problems)
    {
        var now = clock.GetUtcNow();
        if (requested?.Instant <= now)
        {
            problems.TryAdd(field, "is past");
        }
        else if (options.MaxLifetime is { } most && !(requested?.Instant <= GetLatestExpiration(now, most, requested)))
        {
            problems.TryAdd(field, $"is {(requested is null ? "needed" : "too far off")}; a key lives {(long)most.TotalDays} days at the most");
        }

        return requested;
    }

    private ApiKeyExpiry? GetDefault(DateTimeOffset now) =>
        (options.DefaultLifetime ?? options.MaxLifetime) is { } lifetime ? new ApiKeyExpiry(now + lifetime) : null;

    // A date ends with its day, which may be some hours past the lifetime counted from now.
    private static DateTimeOffset GetLatestExpiration(DateTimeOffset now, TimeSpan maxLifetime, ApiKeyExpiry? requested) =>
        now + maxLifetime + (requested is { IsDate: true } ? TimeSpan.FromDays(1) : TimeSpan.Zero);
}
