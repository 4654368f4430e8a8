using System.Globalization;

namespace ApiKeyAuth.Keys.Internal;

/// <summary>Parses and truncates the time before which a key is not accepted.</summary>
internal static class StartTime
{
    /// <summary>Parses a date, which means its start in UTC, or an ISO 8601 instant with an offset.</summary>
    /// <returns>The time in whole seconds, or null if the text is not valid.</returns>
    public static DateTimeOffset? Parse(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
        : ApiKeyExpiry.TryParse(text, CultureInfo.InvariantCulture, out var instant) ? instant.Instant
        : null;

    /// <summary>Truncates a time to whole seconds in UTC, which is what responses show.</summary>
    public static DateTimeOffset? Truncate(DateTimeOffset? time) =>
        time is { } start ? new DateTimeOffset(start.UtcTicks - (start.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero) : null;
}
