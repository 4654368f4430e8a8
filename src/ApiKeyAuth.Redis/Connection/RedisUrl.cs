using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Connection;

/// <summary>
/// Parses the URLs that hosting platforms provide: <c>redis://user:password@host:port/database</c>, and <c>rediss://</c> for TLS.
/// </summary>
/// <remarks>The client takes such a URL for a host name. No message repeats a part of the URL, which may contain a password.</remarks>
internal static partial class RedisUrl
{
    private const int DefaultPort = 6379;
    private const string FormatHint = "write redis://user:password@host:port/database, or rediss:// for TLS";

    /// <summary>Determines whether a connection string is a URL and not a list of hosts and options.</summary>
    public static bool IsUrl(string text) =>
        text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var end && !text.AsSpan(0, end).ContainsAny(",=");

    /// <summary>Parses a URL.</summary>
    /// <exception cref="FormatException">The text is not a valid URL of a Redis server.</exception>
    public static ConfigurationOptions Parse(string url)
    {
        var end = url.IndexOf("://", StringComparison.Ordinal);
        var isTls = IsTls(url[..end]);
        var (credentials, address) = Split(url[(end + 3)..]);
        if (AddressRegex().Match(address) is not { Success: true } parts)
        {
            throw new FormatException($"the part of the URL after the credentials is not host:port/database; {FormatHint}.");
        }

        var port = ParseNumber(parts.Groups["port"], 1, IPEndPoint.MaxPort, "port") ?? DefaultPort;
        var database = ParseNumber(parts.Groups["database"], 0, int.MaxValue, "database");
        var options = new ConfigurationOptions { Ssl = isTls, DefaultDatabase = database };
        options.EndPoints.Add(CreateEndPoint(parts.Groups["host"].Value, port));
        if (credentials is not null)
        {
            AddCredentials(credentials, options);
        }

        return options;
    }

    private static bool IsTls(string scheme) => scheme.ToUpperInvariant() switch
    {
        "REDIS" or "VALKEY" => false,
        "REDISS" or "VALKEYS" => true,
        _ => throw new FormatException($"the scheme of the URL is not known; {FormatHint}."),
    };

    private static (string? Credentials, string Address) Split(string rest)
    {
        if (rest.Contains(',', StringComparison.Ordinal))
        {
            // A comma could be part of the password or separate an option.
            throw new FormatException(
                "a comma in the URL is ambiguous; in a password write %2C, and set further options in code with ConfigurationOptions.");
        }

        return rest.Split('@') switch
        {
            [var address] => (null, address),
            [var credentials, var address] when credentials.IndexOfAny(['/', '?', '#']) < 0 => (credentials, address),
            _ => throw new FormatException(
                "the user or password in the URL has a reserved character; write @ as %40, / as %2F, ? as %3F and # as %23."),
        };
    }

    private static void AddCredentials(string credentials, ConfigurationOptions options)
    {
        var colon = credentials.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 && credentials.Length > 0)
        {
            // Some clients read it as the user, others as the password.
            throw new FormatException(
                "it is ambiguous whether the URL has a user or a password; write user:password@host or :password@host.");
        }

        if (StrayPercentRegex().IsMatch(credentials))
        {
            throw new FormatException("a % in the user or password of the URL must be written as %25.");
        }

        if (colon >= 0)
        {
            options.User = Decode(credentials[..colon]);
            options.Password = Decode(credentials[(colon + 1)..]);
        }
    }

    private static string? Decode(string part) => part.Length == 0 ? null : Uri.UnescapeDataString(part);

    private static EndPoint CreateEndPoint(string host, int port) =>
        IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port)
            : host[0] == '[' ? throw new FormatException("the address in brackets in the URL is not an IPv6 address.")
            : new DnsEndPoint(host, port);

    private static int? ParseNumber(Group group, int min, int max, string name) =>
        group.Value.Length == 0 ? null
            : int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= min && number <= max ? number
            : throw new FormatException($"the {name} in the URL must be a number from {min} to {max}.");

    // Query options of other clients, such as ?ssl_cert_reqs=none, are an error: ignoring one could change how the app connects.
    [GeneratedRegex(@"\A(?<host>\[[0-9A-Fa-f:.%\w]+\]|[\w.-]+)(:(?<port>[^/:]*))?(/(?<database>[^/?#]*))?\z")]
    private static partial Regex AddressRegex();

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})", RegexOptions.CultureInvariant)]
    private static partial Regex StrayPercentRegex();
}
