using System.Buffers;
using System.Text;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;

namespace ApiKeyAuth.Management.Rules;

/// <summary>What every key must keep, whoever makes or changes it. What is wrong is said by field, in the words of the JSON; what was said before stands.</summary>
internal sealed class KeyValidator(ScopeCatalog catalogue, ApiKeyManagementOptions options)
{
    private const int MaxTextLength = 200;
    private const int MaxReasonLength = 500;
    private const int MaxItems = 100;
    private const int MaxRateLimits = 8;
    private const string MisleadingFault = $"holds {DisplayText.MisleadingDescription}, or half a surrogate pair";
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValidId(string id) => id.Length is > 0 and <= MaxTextLength && !id.AsSpan().ContainsAnyExcept(IdCharacters);

    /// <summary>Names what is wrong with a text that is given, or null.</summary>
    public static string? FindFault(string text) => FindFault(text, MaxTextLength);

    /// <summary>Reads a name: without the white space around it, and empty if it shows nothing.</summary>
    public static string ReadName(string? name, Dictionary<string, string> problems) => ReadText("name", name, MaxTextLength, problems) ?? "";

    /// <summary>Reads the reason for a change, without the white space around it; null if there is none.</summary>
    public static string? ReadReason(string? reason, Dictionary<string, string> problems)
    {
        var text = ReadText("reason", reason, MaxReasonLength, problems);
        if (text is { Length: 0 })
        {
            problems.TryAdd("reason", "is blank; leave it out");
        }

        return text;
    }

    private static string? ReadText(string field, string? text, int maxLength, Dictionary<string, string> problems)
    {
        if (text is null || DisplayText.IsBlank(text))
        {
            return text is null ? null : "";
        }

        // Some of the characters that are refused are white space, so that trimming first would hide them at the ends.
        var trimmed = text.Trim();
        var fault = DisplayText.IsMisleading(text) ? MisleadingFault : FindFault(trimmed, maxLength);
        if (fault is not null)
        {
            problems.TryAdd(field, fault);
        }

        return trimmed;
    }

    private static string? FindFault(string text, int maxLength) =>
        text.Length == 0 ? "is empty; leave it out"
        : text.Length > maxLength ? $"is longer than {maxLength} characters"
        : DisplayText.IsMisleading(text) || HasLoneSurrogate(text) ? MisleadingFault
        : null;

    /// <summary>Reads scopes, reporting those that are none or unknown.</summary>
    public ScopeSet ReadScopes(IReadOnlyList<string> scopes, Dictionary<string, string> problems)
    {
        var good = scopes.Where(ScopeSet.IsScope).Where(catalogue.IsGrantable).ToList();
        if (scopes.Count > MaxItems)
        {
            problems.TryAdd("scopes", $"holds more than {MaxItems} scopes");
        }
        else if (!scopes.All(ScopeSet.IsScope))
        {
            problems.TryAdd("scopes", "holds what is no scope; write resource:action, a bare word, resource:* or *");
        }
        else if (good.Count < scopes.Count)
        {
            problems.TryAdd("scopes", $"holds unknown scopes: {string.Join(' ', scopes.Except(good))}");
        }

        return ScopeSet.Create(good);
    }

    /// <summary>Checks what stands for itself: everything but scopes, environment and end.</summary>
    public void Validate(ApiKey key, Dictionary<string, string> problems)
    {
        if (DisplayText.IsBlank(key.Name))
        {
            problems.TryAdd("name", "is missing");
        }

        foreach (var (field, text) in new[] { ("name", key.Name), ("kind", key.Kind), ("ownerId", key.OwnerId), ("tenantId", key.TenantId) })
        {
            if (text is not null && FindFault(text) is { } fault)
            {
                problems.TryAdd(field, fault);
            }
        }

        CheckLists(key, problems);
        CheckMetadata(key.Metadata, problems);
    }

    private static bool HasLoneSurrogate(string text) =>
        text.Any(char.IsSurrogate) && text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar);

    private static void CheckLists(ApiKey key, Dictionary<string, string> problems)
    {
        if (key.RateLimits.Count > MaxRateLimits || key.RateLimits.Any(limit => limit == default) || RateLimit.HasDuplicateWindows(key.RateLimits))
        {
            problems.TryAdd("rateLimits", $"holds more than {MaxRateLimits} limits, or two for the same window");
        }

        if (key.Networks.Count > MaxItems)
        {
            problems.TryAdd("networks", $"holds more than {MaxItems} networks");
        }

        if (key.Audiences.Count > MaxItems || key.Audiences.Any(audience => audience is null || FindFault(audience) is not null))
        {
            problems.TryAdd(
                "audiences",
                $"holds more than {MaxItems} audiences, or one that is empty, longer than {MaxTextLength} characters or {MisleadingFault}");
        }
    }

    private void CheckMetadata(IReadOnlyDictionary<string, string> metadata, Dictionary<string, string> problems)
    {
        if (metadata.Sum(note => (long)note.Key.Length + (note.Value?.Length ?? 0)) > options.MaxMetadataLength)
        {
            problems.TryAdd("metadata", $"is longer than {options.MaxMetadataLength} characters in all");
        }
        else if (metadata.Any(note => note.Key.Length == 0 || !IsValidMetadataText(note.Key) || !IsValidMetadataText(note.Value)))
        {
            problems.TryAdd("metadata", $"holds an empty name, or a name or value that is not a string or {MisleadingFault}");
        }
    }

    private static bool IsValidMetadataText(string? text) => text is not null && !DisplayText.IsMisleading(text) && !HasLoneSurrogate(text);
}
