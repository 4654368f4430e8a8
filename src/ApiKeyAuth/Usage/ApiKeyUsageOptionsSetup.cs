using ApiKeyAuth.Configuration;

namespace ApiKeyAuth.Usage;

/// <summary>Reads and validates the options of usage.</summary>
internal sealed class ApiKeyUsageOptionsSetup(SettingsSource? source = null)
    : SectionOptionsSetup<ApiKeyUsageOptions>(source, SectionName)
{
    public const string SectionName = "Usage";

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    protected override void Read(SettingsReader reader, ApiKeyUsageOptions options)
    {
        options.Enabled = reader.ReadBoolean("Enabled", options.Enabled);
        options.FlushInterval = reader.ReadDuration("FlushInterval", options.FlushInterval);
        options.MaxPendingRows = reader.ReadInt32("MaxPendingRows", options.MaxPendingRows);
        options.MaxNetworksPerKey = reader.ReadInt32("MaxNetworksPerKey", options.MaxNetworksPerKey);
        options.CountryHeader = reader.ReadString("CountryHeader") ?? options.CountryHeader;
        SettingsValues.ReadNetworks(reader, "CountryProxies", options.CountryProxies);
        options.HourlyRetention = reader.ReadDuration("HourlyRetention", options.HourlyRetention);
        options.DailyRetention = reader.ReadDuration("DailyRetention", options.DailyRetention);
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> FindProblems(ApiKeyUsageOptions options) =>
    [
        .. SettingRules.FindRangeProblems("FlushInterval", options.FlushInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        .. SettingRules.FindRangeProblems("MaxPendingRows", options.MaxPendingRows, 1_000, 10_000_000),
        .. SettingRules.FindRangeProblems("MaxNetworksPerKey", options.MaxNetworksPerKey, 0, 10_000),
        .. FindCountryProblems(options),
        .. SettingRules.FindRangeProblems("HourlyRetention", options.HourlyRetention, Day, 366 * Day),
        .. SettingRules.FindRangeProblems(
            "DailyRetention", options.DailyRetention, options.HourlyRetention > Day ? options.HourlyRetention : Day, 3_660 * Day),
    ];

    private static IEnumerable<string> FindCountryProblems(ApiKeyUsageOptions options)
    {
        if (options.CountryHeader is { } header && (header.Length == 0 || !header.All(IsHeaderCharacter)))
        {
            yield return "CountryHeader is not the name of a header; write one such as CF-IPCountry.";
        }

        if (options.CountryHeader is not null && options.CountryProxies.Count == 0)
        {
            yield return "CountryHeader is trusted from no address; set Usage:CountryProxies to the addresses of the CDN, "
                + "because any other caller could send the header.";
        }

        if (options.CountryHeader is null && options.CountryProxies.Count > 0)
        {
            yield return "CountryProxies has no effect alone; set Usage:CountryHeader to the header in which they send the country.";
        }
    }

    private static bool IsHeaderCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_';
}
