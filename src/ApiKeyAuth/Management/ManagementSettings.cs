using System.Globalization;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Management;

/// <summary>Reads the app's rules for keys from its configuration. What has no bound is written <c>none</c>.</summary>
internal static class ManagementSettings
{
    private const string None = "none";

    public static void Read(SettingsReader reader, ApiKeyManagementOptions options)
    {
        options.MaxLifetime = Bound(reader, "MaxLifetime", options.MaxLifetime);
        options.DefaultLifetime = Bound(reader, "DefaultLifetime", options.DefaultLifetime);
        options.MaxRotationGrace = reader.Duration("MaxRotationGrace", options.MaxRotationGrace);
        options.MaxSecretAge = Bound(reader, "MaxSecretAge", options.MaxSecretAge);
        options.SecretAgeNotice = reader.Duration("SecretAgeNotice", options.SecretAgeNotice);
        options.MaxKeysPerTenant = Count(reader, "MaxKeysPerTenant", options.MaxKeysPerTenant);
        options.MaxKeysPerOwner = Count(reader, "MaxKeysPerOwner", options.MaxKeysPerOwner);
        options.MaxMetadataLength = reader.Number("MaxMetadataLength", options.MaxMetadataLength);
        options.RevokeLeaked = reader.Text("RevokeLeaked") is None
            ? null
            : reader.Parse("RevokeLeaked", options.RevokeLeaked ?? default, "is no rate limit; write \"20/minute\", or \"none\" to switch the endpoint off.", static text =>
                RateLimit.TryParse(text, CultureInfo.InvariantCulture, out var limit) ? limit : null);
        if (reader.Flag("UuidIds", options.NewId == ApiKeyManagementOptions.UuidIds))
        {
            options.NewId = ApiKeyManagementOptions.UuidIds;
        }
    }

    private static TimeSpan? Bound(SettingsReader reader, string name, TimeSpan? otherwise) =>
        reader.Text(name) switch
        {
            null => otherwise,
            None => null,
            _ => reader.Duration(name, otherwise ?? TimeSpan.FromDays(1)),
        };

    private static int? Count(SettingsReader reader, string name, int? otherwise) =>
        reader.Text(name) switch
        {
            null => otherwise,
            None => null,
            _ => reader.Number(name, otherwise ?? 1),
        };
}
