using System.Globalization;

namespace ApiKeyAuth.Dashboard.Forms;

/// <summary>Converts times from and to the value of a <c>datetime-local</c> field in a time zone (HTML §2.3.5.5).</summary>
internal static class FormTime
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd"];

    public static string Format(DateTimeOffset? time, TimeZoneInfo zone) => time is not { } value ? ""
        : TimeZoneInfo.ConvertTime(value, zone) is { Second: 0 } minute ? minute.ToString(Formats[0], CultureInfo.InvariantCulture)
        : TimeZoneInfo.ConvertTime(value, zone).ToString(Formats[1], CultureInfo.InvariantCulture);

    public static bool TryParse(string text, TimeZoneInfo zone, out DateTimeOffset time)
    {
        time = default;
        if (!DateTime.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || local.Year is < 2 or > 9998)
        {
            return false;
        }

        time = new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        return true;
    }
}
