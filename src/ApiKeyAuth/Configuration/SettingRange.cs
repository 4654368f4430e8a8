namespace ApiKeyAuth.Configuration;

/// <summary>Tells of settings that are out of their range.</summary>
internal static class SettingRange
{
    public static IEnumerable<string> Outside<T>(string setting, T value, T least, T most)
        where T : IComparable<T> =>
        value.CompareTo(least) < 0 || value.CompareTo(most) > 0 ? [$"{setting} is out of range; it goes from {least} to {most}."] : [];
}
