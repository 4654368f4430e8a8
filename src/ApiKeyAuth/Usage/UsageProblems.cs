using ApiKeyAuth.Configuration;

namespace ApiKeyAuth.Usage;

/// <summary>Finds problems in the options of usage. A message names the setting.</summary>
internal static class UsageProblems
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static IEnumerable<string> Find(ApiKeyUsageOptions usage) =>
    [
        .. SettingRangeRule.FindProblems("Usage:FlushInterval", usage.FlushInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        .. SettingRangeRule.FindProblems("Usage:MaxPendingRows", usage.MaxPendingRows, 1_000, 10_000_000),
        .. SettingRangeRule.FindProblems("Usage:MaxNetworksPerKey", usage.MaxNetworksPerKey, 0, 10_000),
        .. FindCountryProblems(usage),
        .. SettingRangeRule.FindProblems("Usage:HourlyRetention", usage.HourlyRetention, Day, 366 * Day),
        .. SettingRangeRule.FindProblems(
            "Usage:DailyRetention", usage.DailyRetention, usage.HourlyRetention > Day ? usage.HourlyRetention : Day, 3_660 * Day),
    ];

    private static IEnumerable<string> FindCountryProblems(ApiKeyUsageOptions usage)
    {
        if (usage.CountryHeader is { } header && (header.Length == 0 || !header.All(IsHeaderCharacter)))
        {
            yield return "Usage:CountryHeader is not the name of a header; write one such as CF-IPCountry.";
        }

        if (usage.CountryHeader is not null && usage.CountryProxies.Count == 0)
        {
            yield return "Usage:CountryHeader is trusted from no address; set Usage:CountryProxies to the addresses of the CDN, "
                + "because any other caller could send the header.";
        }

        if (usage.CountryHeader is null && usage.CountryProxies.Count > 0)
        {
            yield return "Usage:CountryProxies has no effect alone; set Usage:CountryHeader to the header in which they send the country.";
        }
    }

    private static bool IsHeaderCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_';
}
