namespace ApiKeyAuth.Configuration;

/// <summary>Finds settings that are out of range.</summary>
internal static class SettingRangeRule
{
    public static IEnumerable<string> FindProblems<T>(string setting, T value, T min, T max)
        where T : IComparable<T> =>
        value.CompareTo(min) < 0 || value.CompareTo(max) > 0 ? [$"{setting} is out of range; it must be from {min} to {max}."] : [];
}
