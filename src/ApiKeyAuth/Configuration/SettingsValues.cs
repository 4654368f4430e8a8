using System.Globalization;
using System.Net;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Configuration;

/// <summary>Reads settings that several sections share.</summary>
internal static class SettingsValues
{
    /// <summary>The value that removes a limit.</summary>
    public const string None = "none";

    /// <summary>Reads rate limits written as <c>"100/minute;10000/day"</c> or as a list. Returns null if the setting is absent.</summary>
    public static IReadOnlyList<RateLimit>? ReadRateLimits(SettingsReader reader, string name)
    {
        if (reader.ReadOneOrMany(name) is not { } texts)
        {
            return null;
        }

        try
        {
            return texts.Count == 0 ? [] : RateLimit.ParseList(string.Join(';', texts));
        }
        catch (FormatException exception)
        {
            reader.AddProblem(name, "is not a valid rate limit. " + exception.Message);
            return null;
        }
    }

    /// <summary>Reads one rate limit. The value <c>none</c> means no limit.</summary>
    public static RateLimit? ReadOptionalRateLimit(SettingsReader reader, string name, RateLimit? defaultValue, string fix) =>
        reader.ReadString(name) switch
        {
            null => defaultValue,
            None => null,
            _ => reader.ReadValue(name, defaultValue ?? default, fix, static text =>
                RateLimit.TryParse(text, CultureInfo.InvariantCulture, out var limit) ? limit : null),
        };

    /// <summary>Parses one name. The framework's parser also accepts numbers and combinations of names.</summary>
    public static T? ParseEnumName<T>(string text)
        where T : struct, Enum =>
        Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<T>(text, ignoreCase: true) : null;

    /// <summary>Reads a list of networks and adds them.</summary>
    public static void ReadNetworks(SettingsReader reader, string name, IList<IPNetwork> networks)
    {
        foreach (var value in reader.ReadValues(name) ?? [])
        {
            if (Networks.Parse(value.Value!) is { } network)
            {
                networks.Add(network);
            }
            else
            {
                value.AddProblem("is not a network; write \"203.0.113.0/24\", \"2001:db8::/48\" or one address.");
            }
        }
    }
}
