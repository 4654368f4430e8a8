using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ApiKeyAuth.Keys;

/// <summary>Represents a number of permits in a sliding time window, written as <c>500/hour</c>.</summary>
/// <remarks>A day is 24 hours, a week 7 days and a month 30 days. Every window slides.</remarks>
public readonly struct RateLimit : IEquatable<RateLimit>, IParsable<RateLimit>
{
    /// <summary>The maximum number of permits in a window.</summary>
    public const long MaxPermits = 4_000_000_000;

    private const string FormatMessage =
        "A rate limit must be written like \"500/hour\" or \"100/15 minutes\": 1 to 4,000,000,000 permits in a second, minute, hour, day, "
        + "week or month, or in a number of them up to 366 days.";

    private static readonly (string Name, long Seconds)[] Units =
        [("month", 2_592_000), ("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];

    private static readonly Dictionary<string, long> UnitSeconds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["s"] = 1,
        ["sec"] = 1,
        ["second"] = 1,
        ["seconds"] = 1,
        ["min"] = 60,
        ["minute"] = 60,
        ["minutes"] = 60,
        ["h"] = 3_600,
        ["hour"] = 3_600,
        ["hours"] = 3_600,
        ["d"] = 86_400,
        ["day"] = 86_400,
        ["days"] = 86_400,
        ["week"] = 604_800,
        ["weeks"] = 604_800,
        ["month"] = 2_592_000,
        ["months"] = 2_592_000,
    };

    /// <summary>Initializes a rate limit.</summary>
    /// <param name="permits">The number of permits, from 1 to <see cref="MaxPermits"/>.</param>
    /// <param name="window">The length of the window in whole seconds, from one second to 366 days.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public RateLimit(long permits, TimeSpan window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(permits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permits, MaxPermits);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, TimeSpan.FromDays(366));
        ArgumentOutOfRangeException.ThrowIfNotEqual(window.Ticks % TimeSpan.TicksPerSecond, 0, nameof(window));
        Permits = permits;
        Window = window;
    }

    /// <summary>Gets the number of permits in any window.</summary>
    public long Permits { get; }

    /// <summary>Gets the length of the sliding window.</summary>
    public TimeSpan Window { get; }

    /// <inheritdoc/>
    public static RateLimit Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var result) ? result : throw new FormatException(FormatMessage);

    /// <summary>Parses a rate limit such as <c>500/hour</c>, <c>1,000/day</c> or <c>100/15 minutes</c>.</summary>
    /// <param name="s">The text to parse.</param>
    /// <param name="provider">Not used.</param>
    /// <param name="result">The rate limit, or the default value if parsing failed.</param>
    /// <returns><see langword="true"/> if the text was parsed.</returns>
    /// <remarks>
    /// Case is ignored, and spaces are allowed around the parts. Numbers have no leading zero, and commas at the thousands only.
    /// </remarks>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RateLimit result)
    {
        result = default;
        if (s?.Split('/') is not [var permitText, var windowText]
            || !TryParseNumber(permitText.AsSpan().Trim(' '), out var permits)
            || permits is < 1 or > MaxPermits)
        {
            return false;
        }

        var parts = windowText.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long count = 1;
        if (parts.Length is < 1 or > 2
            || (parts.Length == 2 && !TryParseNumber(parts[0], out count))
            || !UnitSeconds.TryGetValue(parts[^1], out var seconds)
            || count < 1 || count > 366L * 86_400 / seconds)
        {
            return false;
        }

        result = new RateLimit(permits, TimeSpan.FromSeconds(seconds * count));
        return true;
    }

    /// <summary>Parses rate limits separated by semicolons, such as <c>100/minute;10000/day</c>.</summary>
    /// <param name="text">The text to parse.</param>
    /// <returns>The rate limits in the order of the text.</returns>
    /// <exception cref="FormatException">A part is not a rate limit, or two parts have the same window.</exception>
    public static IReadOnlyList<RateLimit> ParseList(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var limits = Array.ConvertAll(text.Split(';'), part => Parse(part, CultureInfo.InvariantCulture));
        return HasDuplicateWindows(limits)
            ? throw new FormatException("Two rate limits have the same window: keep one of them.")
            : limits;
    }

    /// <summary>Returns the form that <see cref="Parse"/> accepts, in the largest unit that divides the window.</summary>
    public override string ToString()
    {
        var seconds = (long)Window.TotalSeconds;
        if (seconds == 0)
        {
            return "none";
        }

        var (name, length) = Units.First(unit => seconds % unit.Seconds == 0);
        var count = seconds / length;
        return count == 1 ? $"{Permits}/{name}" : $"{Permits}/{count} {name}s";
    }

    /// <inheritdoc/>
    public bool Equals(RateLimit other) => Permits == other.Permits && Window == other.Window;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RateLimit other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Permits, Window);

    /// <summary>Compares the permits and the windows.</summary>
    public static bool operator ==(RateLimit left, RateLimit right) => left.Equals(right);

    /// <summary>Compares the permits and the windows.</summary>
    public static bool operator !=(RateLimit left, RateLimit right) => !left.Equals(right);

    internal static bool HasDuplicateWindows(IReadOnlyList<RateLimit> limits) =>
        limits.DistinctBy(limit => limit.Window).Count() != limits.Count;

    // Leading zeros, and commas anywhere but at the thousands, are rejected as likely typing errors.
    private static bool TryParseNumber(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        return !text.StartsWith('0')
            && (!text.Contains(',') || IsGrouped(text))
            && long.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out number);
    }

    private static bool IsGrouped(ReadOnlySpan<char> text)
    {
        var lead = text.IndexOf(',');
        for (var index = lead; index < text.Length; index++)
        {
            if (text[index] == ',' != ((index - lead) % 4 == 0))
            {
                return false;
            }
        }

        return lead is >= 1 and <= 3 && (text.Length - lead) % 4 == 0;
    }
}
