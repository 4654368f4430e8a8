using System.Collections;
using System.Globalization;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Documentation;

/// <summary>Formats defaults as they are written in the settings.</summary>
internal static class SettingValue
{
    /// <summary>Formats a duration by its largest unit, such as <c>30d</c>.</summary>
    public static string Format(TimeSpan value) => value switch
    {
        _ when value == TimeSpan.Zero => "0s",
        _ when value.Ticks % TimeSpan.TicksPerDay == 0 => $"{value.Days}d",
        _ when value.Ticks % TimeSpan.TicksPerHour == 0 => $"{(int)value.TotalHours}h",
        _ when value.Ticks % TimeSpan.TicksPerMinute == 0 => $"{(int)value.TotalMinutes}m",
        _ when value.Ticks % TimeSpan.TicksPerSecond == 0 => $"{(int)value.TotalSeconds}s",
        _ => $"{(int)value.TotalMilliseconds}ms",
    };

    /// <summary>Formats a default, which is <c>none</c> for null and for an empty list.</summary>
    public static string FormatDefault(object? value) => value switch
    {
        null or "" => "none",
        bool flag => flag ? "`true`" : "`false`",
        TimeSpan time => $"`{Format(time)}`",
        int number => number.ToString("N0", CultureInfo.InvariantCulture),
        string or Enum or RateLimit => $"`{value}`",
        IEnumerable items => items.Cast<object>().ToArray() is { Length: > 0 } all ? string.Join(", ", all.Select(FormatDefault)) : "none",
        _ => throw new NotSupportedException($"{value.GetType()} as a default"),
    };
}
