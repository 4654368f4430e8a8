using System.Net;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Configuration;

/// <summary>Reads settings that several sections share.</summary>
internal static class SettingsValues
{
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
