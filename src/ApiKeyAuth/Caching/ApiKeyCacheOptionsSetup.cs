using ApiKeyAuth.Configuration;

namespace ApiKeyAuth.Caching;

/// <summary>Reads and validates the options of the cache.</summary>
internal sealed class ApiKeyCacheOptionsSetup(SettingsSource? source = null)
    : SectionOptionsSetup<ApiKeyCacheOptions>(source, SectionName)
{
    public const string SectionName = "Cache";

    /// <inheritdoc/>
    protected override void Read(SettingsReader reader, ApiKeyCacheOptions options)
    {
        options.KnownKeyLifetime = reader.ReadDuration("KnownKeyLifetime", options.KnownKeyLifetime);
        options.UnknownKeyLifetime = reader.ReadDuration("UnknownKeyLifetime", options.UnknownKeyLifetime);
        options.MaxStaleness = reader.ReadDuration("MaxStaleness", options.MaxStaleness);
        options.StoreTimeout = reader.ReadDuration("StoreTimeout", options.StoreTimeout);
        options.MaxKnownKeys = reader.ReadInt32("MaxKnownKeys", options.MaxKnownKeys);
        options.MaxUnknownKeys = reader.ReadInt32("MaxUnknownKeys", options.MaxUnknownKeys);
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> FindProblems(ApiKeyCacheOptions options) =>
    [
        .. SettingRules.FindRangeProblems("KnownKeyLifetime", options.KnownKeyLifetime, TimeSpan.Zero, TimeSpan.FromHours(1)),
        .. SettingRules.FindRangeProblems("UnknownKeyLifetime", options.UnknownKeyLifetime, TimeSpan.Zero, TimeSpan.FromHours(1)),
        .. SettingRules.FindRangeProblems("MaxStaleness", options.MaxStaleness, TimeSpan.Zero, TimeSpan.FromHours(24)),
        .. SettingRules.FindRangeProblems("StoreTimeout", options.StoreTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
        .. SettingRules.FindRangeProblems("MaxKnownKeys", options.MaxKnownKeys, 1, 10_000_000),
        .. SettingRules.FindRangeProblems("MaxUnknownKeys", options.MaxUnknownKeys, 1, 10_000_000),
    ];
}
