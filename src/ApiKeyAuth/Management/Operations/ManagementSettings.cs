using System.Globalization;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management.Operations;

/// <summary>Reads the options for managing keys from the configuration. The value <c>none</c> removes a limit.</summary>
internal static class ManagementSettings
{
    private const string None = "none";

    public static void Read(SettingsReader reader, ApiKeyManagementOptions options)
    {
        options.MaxLifetime = ReadDuration(reader, "MaxLifetime", options.MaxLifetime);
        options.DefaultLifetime = ReadDuration(reader, "DefaultLifetime", options.DefaultLifetime);
        options.MaxRotationGrace = reader.ReadDuration("MaxRotationGrace", options.MaxRotationGrace);
        options.MaxSecretAge = ReadDuration(reader, "MaxSecretAge", options.MaxSecretAge);
        options.SecretAgeNotice = reader.ReadDuration("SecretAgeNotice", options.SecretAgeNotice);
        options.MaxKeysPerTenant = ReadCount(reader, "MaxKeysPerTenant", options.MaxKeysPerTenant);
        options.MaxKeysPerOwner = ReadCount(reader, "MaxKeysPerOwner", options.MaxKeysPerOwner);
        options.MaxMetadataLength = reader.ReadInt32("MaxMetadataLength", options.MaxMetadataLength);
        options.RevokeLeaked = reader.ReadString("RevokeLeaked") is None
            ? null
            : reader.ReadValue(
                "RevokeLeaked",
                options.RevokeLeaked ?? default,
                "is not a rate limit; write \"20/minute\", or \"none\" to disable the endpoint.",
                static text => RateLimit.TryParse(text, CultureInfo.InvariantCulture, out var limit) ? limit : null);
        if (reader.ReadBoolean("UuidIds", options.NewId == ApiKeyManagementOptions.UuidIds))
        {
            options.NewId = ApiKeyManagementOptions.UuidIds;
        }
    }

    private static TimeSpan? ReadDuration(SettingsReader reader, string name, TimeSpan? defaultValue) =>
        reader.ReadString(name) switch
        {
            null => defaultValue,
            None => null,
            _ => reader.ReadDuration(name, defaultValue ?? TimeSpan.FromDays(1)),
        };

    private static int? ReadCount(SettingsReader reader, string name, int? defaultValue) =>
        reader.ReadString(name) switch
        {
            null => defaultValue,
            None => null,
            _ => reader.ReadInt32(name, defaultValue ?? 1),
        };
}
