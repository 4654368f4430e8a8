using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Configuration;

/// <summary>Finds the problems of values that several settings have in common. A message names the setting.</summary>
internal static class SettingRules
{
    /// <summary>Finds a value that is out of range.</summary>
    public static IEnumerable<string> FindRangeProblems<T>(string setting, T value, T min, T max)
        where T : IComparable<T> =>
        value.CompareTo(min) < 0 || value.CompareTo(max) > 0 ? [$"{setting} is out of range; it must be from {min} to {max}."] : [];

    /// <summary>Finds an empty rate limit, or two rate limits for one window.</summary>
    public static IEnumerable<string> FindRateLimitProblems(string setting, params IReadOnlyList<RateLimit> limits) =>
        limits.Any(limit => limit == default) || RateLimit.HasDuplicateWindows(limits)
            ? [$"{setting} has an empty rate limit, or two rate limits for the same window; keep one of them."]
            : [];
}
