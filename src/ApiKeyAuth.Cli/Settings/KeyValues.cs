using System.Globalization;
using System.Net;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Cli.Settings;

/// <summary>Parses the values of keys that are passed as options.</summary>
internal static class KeyValues
{
    private const int MaxDays = 36_500;

    /// <summary>Parses a date, an instant, or a number of days such as <c>90d</c>.</summary>
    public static ApiKeyExpiry ParseExpiry(string text, DateTimeOffset now)
    {
        if (TryParseDays(text, out var days))
        {
            return new ApiKeyExpiry(now.AddDays(days));
        }

        if (!ApiKeyExpiry.TryParse(text, CultureInfo.InvariantCulture, out var expiry))
        {
            throw ToolException.Usage("--expires must be a number of days (90d), a date (2027-12-31) or a time (2027-12-31T10:00:00Z).");
        }

        return expiry.Instant > now ? expiry : throw ToolException.Usage("--expires is in the past. Choose a later time.");
    }

    /// <summary>Parses a duration such as <c>30s</c>, <c>15m</c>, <c>6h</c> or <c>90d</c>.</summary>
    public static TimeSpan ParseDuration(string text, string option)
    {
        var unit = text.Length < 2 ? '?' : text[^1];
        var seconds = unit switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        return seconds > 0 && int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && (long)count * seconds <= MaxDays * 86_400L
            ? TimeSpan.FromSeconds((long)count * seconds)
            : throw ToolException.Usage($"{option} must be a duration such as 30s, 15m, 6h or 90d.");
    }

    public static IReadOnlyList<RateLimit> ParseRateLimits(string text)
    {
        try
        {
            return RateLimit.ParseList(text);
        }
        catch (FormatException)
        {
            throw ToolException.Usage("--rate-limit must be a limit such as 60/minute, or several separated by commas.");
        }
    }

    /// <summary>Parses a network strictly: the framework reads <c>10/8</c>, and clears bits after the prefix.</summary>
    public static bool TryParseNetwork(string text, out IPNetwork network) =>
        IPNetwork.TryParse(text, out network) && text.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
        && (text[..slash] == network.BaseAddress.ToString()
            || (text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text.AsSpan(0, slash), out var address)
                && address.Equals(network.BaseAddress)));

    /// <summary>Checks that scopes are well formed, and in the catalog if the app has one.</summary>
    public static void CheckScopes(IReadOnlyList<string> scopes, ScopeCatalog catalog)
    {
        foreach (var scope in scopes)
        {
            if (!ScopeSet.IsScope(scope))
            {
                throw ToolException.Usage("--scope must be a scope such as invoices:read, a word, or a wildcard such as invoices:*.");
            }

            if (!catalog.IsEmpty && !catalog.IsGrantable(scope))
            {
                var known = catalog.Definitions.Select(definition => definition.Name);
                var suggestion = Suggestions.Find(scope, known) is { } name ? $" Did you mean '{name}'?" : "";
                throw ToolException.Usage($"The app has no scope '{scope}'.{suggestion} Scopes: {string.Join(", ", known)}.");
            }
        }
    }

    private static bool TryParseDays(string text, out int days)
    {
        days = 0;
        return text.EndsWith('d') && int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out days)
            && days is >= 1 and <= MaxDays;
    }
}
