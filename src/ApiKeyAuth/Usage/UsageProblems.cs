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
        .. SettingRangeRule.FindProblems("Usage:DailyRetention", usage.DailyRetention, usage.HourlyRetention > Day ? usage.HourlyRetention : Day, 3_660 * Day),
    ];

    private static IEnumerable<string> FindCountryProblems(ApiKeyUsageOptions usage)
    {
        if (usage.CountryHeader is { } header && (header.Length == 0 || !header.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')))
        {
            yield return "Usage:CountryHeader is no name of a header; write one such as CF-IPCountry.";
        }

        if (usage.CountryHeader is not null && usage.CountryProxies.Count == 0)
        {
            yield return "Usage:CountryHeader is believed of nobody yet; set Usage:CountryProxies, the addresses of the CDN, as anybody else could write the header.";
        }

        if (usage.CountryHeader is null && usage.CountryProxies.Count > 0)
        {
            yield return "Usage:CountryProxies is of no use alone; set Usage:CountryHeader, the header in which they tell the country.";
        }
    }
}
