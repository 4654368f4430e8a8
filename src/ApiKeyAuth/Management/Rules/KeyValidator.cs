using System.Buffers;
using System.Text;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Management.Rules;

/// <summary>
/// Validates the values of a key. Problems are reported by the name of the JSON member; the first problem of a member is kept.
/// </summary>
internal sealed class KeyValidator(ScopeCatalog catalog, ApiKeyManagementOptions options)
{
    private const int MaxTextLength = 200;
    private const int MaxReasonLength = 500;
    private const int MaxItems = 100;
    private const int MaxRateLimits = 8;
    private const int MaxIdleDays = 36_500;
    private const string MisleadingFault = $"must not contain {DisplayText.MisleadingDescription}, or an unpaired surrogate";
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValidId(string id) => id.Length is > 0 and <= MaxTextLength && !id.AsSpan().ContainsAnyExcept(IdCharacters);

    /// <summary>Returns what is wrong with a text, or null.</summary>
    public static string? FindFault(string text) => FindFault(text, MaxTextLength);

    /// <summary>Reads a name and trims it. A name without visible characters is empty.</summary>
    public static string ReadName(string? name, Dictionary<string, string> problems) =>
        ReadText("name", name, MaxTextLength, problems) ?? "";

    /// <summary>Reads the reason for a change and trims it. It is null if there is none.</summary>
    public static string? ReadReason(string? reason, Dictionary<string, string> problems)
    {
        var text = ReadText("reason", reason, MaxReasonLength, problems);
        if (text is { Length: 0 })
        {
            problems.TryAdd("reason", "must not be blank; omit it");
        }

        return text;
    }

    private static string? ReadText(string field, string? text, int maxLength, Dictionary<string, string> problems)
    {
        if (text is null || DisplayText.IsBlank(text))
        {
            return text is null ? null : "";
        }

        // Checked before trimming, because some of the rejected characters are white space.
        var trimmed = text.Trim();
        var fault = DisplayText.IsMisleading(text) ? MisleadingFault : FindFault(trimmed, maxLength);
        if (fault is not null)
        {
            problems.TryAdd(field, fault);
        }

        return trimmed;
    }

    private static string? FindFault(string text, int maxLength) =>
        text.Length == 0 ? "must not be empty; omit it"
        : text.Length > maxLength ? $"must be at most {maxLength} characters long"
        : DisplayText.IsMisleading(text) || HasLoneSurrogate(text) ? MisleadingFault
        : null;

    /// <summary>Reads scopes, and reports invalid and unknown ones.</summary>
    public ScopeSet ReadScopes(IReadOnlyList<string> scopes, Dictionary<string, string> problems)
    {
        var valid = scopes.Where(ScopeSet.IsScope).Where(catalog.IsGrantable).ToList();
        if (scopes.Count > MaxItems)
        {
            problems.TryAdd("scopes", $"must contain at most {MaxItems} scopes");
        }
        else if (!scopes.All(ScopeSet.IsScope))
        {
            problems.TryAdd("scopes", "must contain scopes only; write resource:action, a bare word, resource:* or *");
        }
        else if (valid.Count < scopes.Count)
        {
            problems.TryAdd("scopes", $"contains unknown scopes: {string.Join(' ', scopes.Except(valid))}");
        }

        return ScopeSet.Create(valid);
    }

    /// <summary>Validates everything except scopes, environment and expiration.</summary>
    public void Validate(ApiKey key, Dictionary<string, string> problems)
    {
        if (DisplayText.IsBlank(key.Name))
        {
            problems.TryAdd("name", "is required");
        }

        var texts = new[] { ("name", key.Name), ("kind", key.Kind), ("ownerId", key.OwnerId), ("tenantId", key.TenantId) };
        foreach (var (field, text) in texts)
        {
            if (text is not null && FindFault(text) is { } fault)
            {
                problems.TryAdd(field, fault);
            }
        }

        if (key.ExpiresAfterIdleDays is < 1 or > MaxIdleDays)
        {
            problems.TryAdd("expiresAfterIdleDays", $"must be from 1 to {MaxIdleDays}");
        }

        CheckLists(key, problems);
        CheckMetadata(key.Metadata, problems);
    }

    private static bool HasLoneSurrogate(string text) =>
        text.Any(char.IsSurrogate) && text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar);

    private static void CheckLists(ApiKey key, Dictionary<string, string> problems)
    {
        if (key.RateLimits.Count > MaxRateLimits
            || key.RateLimits.Any(limit => limit == default)
            || RateLimit.HasDuplicateWindows(key.RateLimits))
        {
            problems.TryAdd("rateLimits", $"must contain at most {MaxRateLimits} limits, each for a different window");
        }

        if (key.Networks.Count > MaxItems)
        {
            problems.TryAdd("networks", $"must contain at most {MaxItems} networks");
        }

        if (key.Audiences.Count > MaxItems || key.Audiences.Any(audience => audience is null || FindFault(audience) is not null))
        {
            problems.TryAdd(
                "audiences",
                $"must contain at most {MaxItems} audiences of 1 to {MaxTextLength} characters, which {MisleadingFault}");
        }
    }

    private void CheckMetadata(IReadOnlyDictionary<string, string> metadata, Dictionary<string, string> problems)
    {
        if (metadata.Sum(item => (long)item.Key.Length + (item.Value?.Length ?? 0)) > options.MaxMetadataLength)
        {
            problems.TryAdd("metadata", $"must be at most {options.MaxMetadataLength} characters long in total");
        }
        else if (metadata.Any(item => item.Key.Length == 0 || !IsValidMetadataText(item.Key) || !IsValidMetadataText(item.Value)))
        {
            problems.TryAdd("metadata", $"must contain strings with non-empty names; they {MisleadingFault}");
        }
    }

    private static bool IsValidMetadataText(string? text) => text is not null && !DisplayText.IsMisleading(text) && !HasLoneSurrogate(text);
}
