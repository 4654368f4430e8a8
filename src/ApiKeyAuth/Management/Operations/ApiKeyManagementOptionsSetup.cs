using ApiKeyAuth.Configuration;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Reads and validates the options for managing keys. The value <c>none</c> removes a limit.</summary>
internal sealed class ApiKeyManagementOptionsSetup(SettingsSource? source = null)
    : SectionOptionsSetup<ApiKeyManagementOptions>(source, SectionName)
{
    public const string SectionName = "Management";

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Century = TimeSpan.FromDays(36_500);

    /// <inheritdoc/>
    protected override void Read(SettingsReader reader, ApiKeyManagementOptions options)
    {
        options.MaxLifetime = ReadDuration(reader, "MaxLifetime", options.MaxLifetime);
        options.DefaultLifetime = ReadDuration(reader, "DefaultLifetime", options.DefaultLifetime);
        options.MaxRotationGrace = reader.ReadDuration("MaxRotationGrace", options.MaxRotationGrace);
        options.MaxSecretAge = ReadDuration(reader, "MaxSecretAge", options.MaxSecretAge);
        options.SecretAgeNotice = reader.ReadDuration("SecretAgeNotice", options.SecretAgeNotice);
        options.MaxKeysPerTenant = ReadCount(reader, "MaxKeysPerTenant", options.MaxKeysPerTenant);
        options.MaxKeysPerOwner = ReadCount(reader, "MaxKeysPerOwner", options.MaxKeysPerOwner);
        options.MaxMetadataLength = reader.ReadInt32("MaxMetadataLength", options.MaxMetadataLength);
        options.RevokeLeaked = SettingsValues.ReadOptionalRateLimit(
            reader,
            "RevokeLeaked",
            options.RevokeLeaked,
            "is not a rate limit; write \"20/minute\", or \"none\" to disable the endpoint.");
        if (reader.ReadBoolean("UuidIds", options.NewId == ApiKeyManagementOptions.UuidIds))
        {
            options.NewId = ApiKeyManagementOptions.UuidIds;
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> FindProblems(ApiKeyManagementOptions options) =>
    [
        .. SettingRules.FindRangeProblems("MaxLifetime", options.MaxLifetime ?? Day, Day, Century),
        .. SettingRules.FindRangeProblems("DefaultLifetime", options.DefaultLifetime ?? Day, Day, options.MaxLifetime ?? Century),
        .. SettingRules.FindRangeProblems("MaxRotationGrace", options.MaxRotationGrace, TimeSpan.Zero, 30 * Day),
        .. SettingRules.FindRangeProblems("MaxSecretAge", options.MaxSecretAge ?? Day, Day, Century),
        .. SettingRules.FindRangeProblems("SecretAgeNotice", options.SecretAgeNotice, TimeSpan.Zero, 365 * Day),
        .. SettingRules.FindRangeProblems("MaxKeysPerTenant", options.MaxKeysPerTenant ?? 1, 1, int.MaxValue),
        .. SettingRules.FindRangeProblems("MaxKeysPerOwner", options.MaxKeysPerOwner ?? 1, 1, int.MaxValue),
        .. SettingRules.FindRangeProblems("MaxMetadataLength", options.MaxMetadataLength, 0, 65_536),
        .. options.RevokeLeaked is { } limit ? SettingRules.FindRateLimitProblems("RevokeLeaked", limit) : [],
    ];

    private static TimeSpan? ReadDuration(SettingsReader reader, string name, TimeSpan? defaultValue) =>
        reader.ReadString(name) switch
        {
            null => defaultValue,
            SettingsValues.None => null,
            _ => reader.ReadDuration(name, defaultValue ?? Day),
        };

    private static int? ReadCount(SettingsReader reader, string name, int? defaultValue) =>
        reader.ReadString(name) switch
        {
            null => defaultValue,
            SettingsValues.None => null,
            _ => reader.ReadInt32(name, defaultValue ?? 1),
        };
}
