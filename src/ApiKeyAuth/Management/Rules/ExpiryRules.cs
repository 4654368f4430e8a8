using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>Settles when keys end: as asked, within the app's longest lifetime, by default after its default one.</summary>
internal sealed class ExpiryRules(ApiKeyManagementOptions options, TimeProvider clock)
{
    private const string Instant = "expiresAt";
    private const string Days = "expiresInDays";

    /// <summary>Settles when a new key ends.</summary>
    public ApiKeyExpiry? Settle(NewApiKey request, Dictionary<string, string> problems, bool mayBePast)
    {
        if (request.ExpiresAt is not null && request.ExpiresInDays is not null)
        {
            problems.TryAdd(Days, "and expiresAt are both given; keep one");
        }

        if (request.ExpiresInDays is < 1 or > 36_500)
        {
            problems.TryAdd(Days, "ranges from 1 to 36500");
            return null;
        }

        var now = clock.GetUtcNow();
        return request.ExpiresInDays is { } days ? Check(Days, new ApiKeyExpiry(now.AddDays(days)), problems)
            : request.ExpiresAt is not { } asked ? Default(now)
            : mayBePast && asked.Instant <= now ? asked
            : Check(asked, problems);
    }

    /// <summary>Checks an end that was asked for; null asks for none.</summary>
    public ApiKeyExpiry? Check(ApiKeyExpiry? asked, Dictionary<string, string> problems) => Check(Instant, asked, problems);

    private ApiKeyExpiry? Check(string field, ApiKeyExpiry? asked, Dictionary<string, string> problems)
    {
        var now = clock.GetUtcNow();
        if (asked?.Instant <= now)
        {
            problems.TryAdd(field, "is past");
        }
        else if (options.MaxLifetime is { } most && !(asked?.Instant <= LatestEnd(now, most, asked)))
        {
            problems.TryAdd(field, $"is {(asked is null ? "needed" : "too far off")}; a key lives {(long)most.TotalDays} days at the most");
        }

        return asked;
    }

    private ApiKeyExpiry? Default(DateTimeOffset now) =>
        (options.DefaultLifetime ?? options.MaxLifetime) is { } lifetime ? new ApiKeyExpiry(now + lifetime) : null;

    // A date ends with its day, which may be some hours past the lifetime counted from now.
    private static DateTimeOffset LatestEnd(DateTimeOffset now, TimeSpan most, ApiKeyExpiry? asked) =>
        now + most + (asked is { IsDate: true } ? TimeSpan.FromDays(1) : TimeSpan.Zero);
}
