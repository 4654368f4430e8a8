using System.Buffers;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>What every key must keep, whoever makes or changes it. What is wrong is said by field, in the words of the JSON.</summary>
internal sealed class KeyRules(ApiKeyFormats formats, ScopeCatalogue catalogue, ApiKeyManagementOptions options, TimeProvider clock)
{
    private const int MaxText = 200;
    private const int MaxItems = 100;
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsId(string id) => id.Length is > 0 and <= MaxText && !id.AsSpan().ContainsAnyExcept(IdCharacters);

    /// <summary>Reads scopes, reporting those that are none or unknown.</summary>
    public ScopeSet ReadScopes(IReadOnlyList<string> scopes, IDictionary<string, string> problems)
    {
        if (scopes.Count > MaxItems)
        {
            problems["scopes"] = $"holds more than {MaxItems} scopes";
        }

        var bad = scopes.Where(scope => !ScopeSet.IsScope(scope)).ToList();
        var unknown = scopes.Where(scope => ScopeSet.IsScope(scope) && !catalogue.Knows(scope)).ToList();
        if (bad.Count > 0)
        {
            problems["scopes"] = "holds what is no scope; write resource:action, a bare word, resource:* or *";
        }
        else if (unknown.Count > 0)
        {
            problems["scopes"] = $"holds unknown scopes: {string.Join(' ', unknown)}";
        }

        return ScopeSet.Create(scopes.Except(bad).Except(unknown));
    }

    /// <summary>Checks everything but the scopes.</summary>
    public void Check(ApiKey key, IDictionary<string, string> problems)
    {
        CheckText("name", key.Name, problems, isRequired: true);
        CheckText("kind", key.Kind, problems);
        CheckText("ownerId", key.OwnerId, problems);
        CheckText("tenantId", key.TenantId, problems);
        CheckEnvironment(key.Environment, problems);
        CheckLists(key, problems);
        CheckMetadata(key.Metadata, problems);
    }

    /// <summary>Settles when a new key ends.</summary>
    public ApiKeyExpiry? SettleExpiry(NewApiKey request, IDictionary<string, string> problems, bool mayBePast)
    {
        if (request.ExpiresAt is not null && request.ExpiresInDays is not null)
        {
            problems["expiresInDays"] = "and expiresAt are both given; keep one";
        }

        if (request.ExpiresInDays is < 1 or > 36_500)
        {
            problems["expiresInDays"] = "ranges from 1 to 36500";
            return null;
        }

        var asked = request.ExpiresInDays is { } days ? new ApiKeyExpiry(clock.GetUtcNow().AddDays(days)) : request.ExpiresAt;
        return asked is null ? DefaultExpiry()
            : mayBePast && asked.Value.Instant <= clock.GetUtcNow() ? asked
            : CheckExpiry(asked, problems);
    }

    /// <summary>Checks an end that was asked for, none included.</summary>
    public ApiKeyExpiry? CheckExpiry(ApiKeyExpiry? asked, IDictionary<string, string> problems)
    {
        var now = clock.GetUtcNow();
        if (asked?.Instant <= now)
        {
            problems["expiresAt"] = "is past";
        }
        else if (options.MaxLifetime is { } most && !(asked?.Instant <= LatestEnd(now, most, asked)))
        {
            problems["expiresAt"] = asked is null
                ? $"is needed; a key lives {Days(most)} days at the most"
                : $"is too far off; a key lives {Days(most)} days at the most";
        }

        return asked;
    }

    private ApiKeyExpiry? DefaultExpiry() =>
        (options.DefaultLifetime ?? options.MaxLifetime) is { } lifetime ? new ApiKeyExpiry(clock.GetUtcNow() + lifetime) : null;

    // A date ends with its day, which may be some hours past the lifetime counted from now.
    private static DateTimeOffset LatestEnd(DateTimeOffset now, TimeSpan most, ApiKeyExpiry? asked) =>
        asked is { IsDate: true } ? now + most + TimeSpan.FromDays(1) : now + most;

    private static long Days(TimeSpan time) => (long)time.TotalDays;

    private static void CheckText(string field, string? text, IDictionary<string, string> problems, bool isRequired = false)
    {
        if (isRequired ? string.IsNullOrWhiteSpace(text) : text is "")
        {
            problems[field] = isRequired ? "is missing" : "is empty; leave it out";
        }
        else if (text?.Length > MaxText)
        {
            problems[field] = $"is longer than {MaxText} characters";
        }
        else if (text is not null && (text.Any(char.IsControl) || HasLoneSurrogate(text)))
        {
            problems[field] = "holds a control character or half a character";
        }
    }

    private static bool HasLoneSurrogate(string text) =>
        text.Any(char.IsSurrogate) && text.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar);

    private void CheckEnvironment(string? environment, IDictionary<string, string> problems)
    {
        var known = formats.Issuing.Environments;
        if (known.Count == 0 ? environment is not null : environment is null || !known.Contains(environment))
        {
            problems["environment"] = known.Count == 0 ? "is given, but keys of this app name none" : $"is none of {string.Join(", ", known)}";
        }
    }

    private static void CheckLists(ApiKey key, IDictionary<string, string> problems)
    {
        if (key.RateLimits.Count > 8 || key.RateLimits.Any(limit => limit == default) || RateLimit.WindowsRepeat(key.RateLimits))
        {
            problems["rateLimits"] = "holds more than 8 limits, or two for the same window";
        }

        if (key.Networks.Count > MaxItems)
        {
            problems["networks"] = $"holds more than {MaxItems} networks";
        }

        if (key.Audiences.Count > MaxItems || key.Audiences.Any(audience => audience is not { Length: > 0 and <= MaxText } || audience.Any(char.IsControl)))
        {
            problems["audiences"] = $"holds more than {MaxItems} audiences, or one that is empty, longer than {MaxText} characters or has control characters";
        }
    }

    private void CheckMetadata(IReadOnlyDictionary<string, string> metadata, IDictionary<string, string> problems)
    {
        if (metadata.Sum(note => (long)note.Key.Length + (note.Value?.Length ?? 0)) > options.MaxMetadataLength)
        {
            problems["metadata"] = $"is longer than {options.MaxMetadataLength} characters in all";
        }
        else if (metadata.Any(note => note.Key.Length == 0 || note.Value is null || note.Key.Contains('\0') || note.Value.Contains('\0')
            || HasLoneSurrogate(note.Key) || HasLoneSurrogate(note.Value)))
        {
            problems["metadata"] = "holds an empty name, a value that is no text, or a null character";
        }
    }
}
