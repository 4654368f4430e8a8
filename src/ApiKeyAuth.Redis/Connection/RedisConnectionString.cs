using System.Diagnostics.CodeAnalysis;
using System.Net;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>Parses connection strings in the format of StackExchange.Redis or as a URL, and reports which part is invalid.</summary>
/// <remarks>Messages of the client are not passed on: they quote the invalid text, which may be a part of the password.</remarks>
internal static class RedisConnectionString
{
    private const string FormatHint =
        "write \"host:port,user=…,password=…,ssl=true\" or \"rediss://user:password@host:port/0\", or pass ConfigurationOptions";

    /// <summary>Parses a connection string.</summary>
    /// <exception cref="FormatException">The connection string is invalid. The message names the part without quoting it.</exception>
    public static ConfigurationOptions Parse(string text)
    {
        text = text.Trim();
        if (RedisUrl.IsUrl(text))
        {
            return RedisUrl.Parse(text);
        }

        var parts = text.Split(',');
        var isAfterPassword = false;
        for (var index = 0; index < parts.Length; index++)
        {
            ValidatePart(parts[index].Trim(), index + 1, isAfterPassword);
            isAfterPassword |= GetName(parts[index]).Equals("password", StringComparison.OrdinalIgnoreCase);
        }

        var configuration = ConfigurationOptions.Parse(text);
        return FindProblem(configuration) is { } problem ? throw new FormatException(problem) : configuration;
    }

    /// <summary>Describes what is wrong with the servers of a configuration, or returns <see langword="null"/>.</summary>
    public static string? FindProblem(ConfigurationOptions configuration) =>
        configuration.EndPoints.Count == 0 ? $"it names no server; {FormatHint}."
        : configuration.EndPoints.OfType<DnsEndPoint>().Any(server => server.Host.AsSpan().ContainsAny("/@"))
            ? "one of its servers is a URL, which StackExchange.Redis takes for a host name; pass the URL alone, as a connection string."
        : null;

    private static void ValidatePart(string part, int number, bool isAfterPassword)
    {
        if (part.Length == 0 || part[0] == '$')
        {
            return;
        }

        var name = GetName(part);
        if (name.Length > 0)
        {
            if (!TryParse(part, out _, out var isKnown))
            {
                var what = isKnown ? "has a value that StackExchange.Redis does not accept" : "is not an option of StackExchange.Redis";
                throw new FormatException($"part {number}{Quote(name, isAfterPassword)} {what}; {FormatHint}.");
            }
        }
        else if (isAfterPassword)
        {
            // The part may be the rest of the password, which must not be sent to DNS.
            throw new FormatException(
                $"part {number} is a host after the password; list the hosts first, and pass a password that contains a comma "
                + "with ConfigurationOptions or in a URL as %2C.");
        }
        else if (!TryParse(part, out var server, out _) || server.EndPoints.Count == 0)
        {
            throw new FormatException($"part {number} is not host or host:port; {FormatHint}.");
        }
    }

    private static bool TryParse(string part, [NotNullWhen(true)] out ConfigurationOptions? parsed, out bool isKnown)
    {
        (parsed, isKnown) = (null, true);
        try
        {
            parsed = ConfigurationOptions.Parse(part);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            isKnown = exception is not ArgumentException || exception is ArgumentOutOfRangeException;
            return false;
        }
    }

    private static string GetName(string part) =>
        part.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals ? part[..equals].Trim() : "";

    // Text after a password may be the rest of the password.
    private static string Quote(string name, bool isAfterPassword) =>
        !isAfterPassword && name.Length is > 0 and <= 30 && name.All(char.IsAsciiLetter) ? $" (\"{name}\")" : "";
}
