using ApiKeyAuth.Configuration;

namespace ApiKeyAuth.Usage;

/// <summary>Reads the options of usage from the configuration.</summary>
internal static class UsageSettings
{
    public static void Read(SettingsReader reader, ApiKeyUsageOptions usage)
    {
        usage.Enabled = reader.ReadBoolean("Enabled", usage.Enabled);
        usage.FlushInterval = reader.ReadDuration("FlushInterval", usage.FlushInterval);
        usage.MaxPendingRows = reader.ReadInt32("MaxPendingRows", usage.MaxPendingRows);
        usage.MaxNetworksPerKey = reader.ReadInt32("MaxNetworksPerKey", usage.MaxNetworksPerKey);
        usage.CountryHeader = reader.ReadString("CountryHeader") ?? usage.CountryHeader;
        SettingsValues.ReadNetworks(reader, "CountryProxies", usage.CountryProxies);
        usage.HourlyRetention = reader.ReadDuration("HourlyRetention", usage.HourlyRetention);
        usage.DailyRetention = reader.ReadDuration("DailyRetention", usage.DailyRetention);
    }
}
