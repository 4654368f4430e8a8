using System.Globalization;

namespace ApiKeyAuth.Configuration;

/// <summary>
/// Parses durations such as <c>500ms</c>, <c>2s</c> or <c>00:00:02</c>. A number without a unit is rejected, because the framework reads
/// <c>2</c> as two days.
/// </summary>
internal static class Durations
{
    private static readonly (string Suffix, TimeSpan Unit)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
    ];

    public static TimeSpan? Parse(string text)
    {
        var trimmed = text.AsSpan().Trim();
        foreach (var (suffix, unit) in Units)
        {
            if (trimmed.EndsWith(suffix, StringComparison.Ordinal)
                && long.TryParse(trimmed[..^suffix.Length].TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count <= TimeSpan.MaxValue.Ticks / unit.Ticks)
            {
                return TimeSpan.FromTicks(unit.Ticks * count);
            }
        }

        return trimmed.Contains(':') && TimeSpan.TryParseExact(trimmed, "c", CultureInfo.InvariantCulture, out var time) ? time : null;
    }
}
