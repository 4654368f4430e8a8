using System.Net;
using ApiKeyAuth.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ApiKeyAuth.Dashboard.Forms;

/// <summary>Represents what a person entered about a key, exactly as entered, so that nothing is lost if it is rejected.</summary>
internal sealed record KeyForm
{
    public const string DefaultExpiry = "default";
    public const string KeepExpiry = "keep";
    public const string NoExpiry = "never";
    public const string DateExpiry = "date";

    public string Name { get; init; } = "";

    public string Environment { get; init; } = "";

    public string Kind { get; init; } = "";

    public string OwnerId { get; init; } = "";

    /// <summary>Gets the scopes, or null if the form does not contain the field.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Gets the choice of the expiration: one of the constants, or a number of days.</summary>
    public string Expiry { get; init; } = "";

    public string ExpiryDate { get; init; } = "";

    /// <summary>Gets the time before which the key is not accepted, in the time zone of the dashboard.</summary>
    public string NotBefore { get; init; } = "";

    public string ExpiresAfterIdleDays { get; init; } = "";

    public string RateLimits { get; init; } = "";

    public string Networks { get; init; } = "";

    public string Audiences { get; init; } = "";

    public string Metadata { get; init; } = "";

    /// <summary>Gets the version of the key that the form shows.</summary>
    public long Version { get; init; }

    public static KeyForm Read(IFormCollection form) => new()
    {
        Name = form["name"].ToString(),
        Environment = form["environment"].ToString(),
        Kind = form["kind"].ToString(),
        OwnerId = form["ownerId"].ToString().Trim(),
        Scopes = form.ContainsKey("hasScopes") ? SplitScopes(form["scopes"]) : null,
        Expiry = form["expiry"].ToString(),
        ExpiryDate = form["expiryDate"].ToString().Trim(),
        NotBefore = form["notBefore"].ToString().Trim(),
        ExpiresAfterIdleDays = form["expiresAfterIdleDays"].ToString().Trim(),
        RateLimits = form["rateLimits"].ToString(),
        Networks = form["networks"].ToString(),
        Audiences = form["audiences"].ToString(),
        Metadata = form["metadata"].ToString(),
        Version = long.TryParse(form["version"], out var version) ? version : 0,
    };

    /// <summary>Reads the values that a link to the form proposes.</summary>
    public static KeyForm Read(IQueryCollection query, IEnumerable<string> defaultScopes) => new()
    {
        Name = query["name"].ToString(),
        Environment = query["environment"].ToString(),
        Kind = query["kind"].ToString(),
        OwnerId = query["ownerId"].ToString().Trim(),
        Scopes = query.ContainsKey("scopes") ? SplitScopes(query["scopes"]) : [.. defaultScopes],
        Expiry = query["expiry"].ToString(),
        RateLimits = query["rateLimits"].ToString(),
        ExpiresAfterIdleDays = query["expiresAfterIdleDays"].ToString(),
    };

    /// <summary>Returns the form without the fields that the dashboard does not show.</summary>
    public KeyForm Limit(ApiKeyDashboardFields fields)
    {
        return this with
        {
            Environment = Keep(ApiKeyDashboardFields.Environment, Environment),
            Kind = Keep(ApiKeyDashboardFields.Kind, Kind),
            OwnerId = Keep(ApiKeyDashboardFields.Owner, OwnerId),
            Scopes = fields.HasFlag(ApiKeyDashboardFields.Scopes) ? Scopes : null,
            Expiry = Keep(ApiKeyDashboardFields.Expiration, Expiry),
            NotBefore = Keep(ApiKeyDashboardFields.NotBefore, NotBefore),
            ExpiresAfterIdleDays = Keep(ApiKeyDashboardFields.IdleExpiration, ExpiresAfterIdleDays),
            RateLimits = Keep(ApiKeyDashboardFields.RateLimits, RateLimits),
            Networks = Keep(ApiKeyDashboardFields.Networks, Networks),
            Audiences = Keep(ApiKeyDashboardFields.Audiences, Audiences),
            Metadata = Keep(ApiKeyDashboardFields.Metadata, Metadata),
        };

        string Keep(ApiKeyDashboardFields field, string value) => fields.HasFlag(field) ? value : "";
    }

    /// <summary>Returns the form with the stored values of the fields that the dashboard does not show.</summary>
    public KeyForm Complete(ApiKeyDashboardFields fields, KeyForm stored)
    {
        return this with
        {
            Scopes = fields.HasFlag(ApiKeyDashboardFields.Scopes) ? Scopes : null,
            Expiry = Select(ApiKeyDashboardFields.Expiration, Expiry, KeepExpiry),
            NotBefore = Select(ApiKeyDashboardFields.NotBefore, NotBefore, stored.NotBefore),
            ExpiresAfterIdleDays = Select(ApiKeyDashboardFields.IdleExpiration, ExpiresAfterIdleDays, stored.ExpiresAfterIdleDays),
            RateLimits = Select(ApiKeyDashboardFields.RateLimits, RateLimits, stored.RateLimits),
            Networks = Select(ApiKeyDashboardFields.Networks, Networks, stored.Networks),
            Audiences = Select(ApiKeyDashboardFields.Audiences, Audiences, stored.Audiences),
            Metadata = Select(ApiKeyDashboardFields.Metadata, Metadata, stored.Metadata),
        };

        string Select(ApiKeyDashboardFields field, string entered, string value) => fields.HasFlag(field) ? entered : value;
    }

    public static KeyForm Read(ApiKey key, TimeZoneInfo zone) => new()
    {
        Name = key.Name,
        Scopes = [.. key.Scopes],
        Expiry = KeepExpiry,
        ExpiryDate = key.ExpiresAt is { IsDate: true } date ? date.ToString() : "",
        NotBefore = FormTime.Format(key.NotBefore, zone),
        ExpiresAfterIdleDays = FormattableString.Invariant($"{key.ExpiresAfterIdleDays}"),
        RateLimits = Join(key.RateLimits),
        Networks = Join(key.Networks),
        Audiences = Join(key.Audiences),
        Metadata = Join(key.Metadata.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal)),
        Version = key.Version,
    };

    public IReadOnlyList<string> GetAudiences() => SplitLines(Audiences);

    public IReadOnlyList<RateLimit>? TryGetRateLimits() => TryParse<RateLimit>(RateLimits);

    public IReadOnlyList<IPNetwork>? TryGetNetworks() => TryParse<IPNetwork>(Networks);

    /// <summary>Returns the metadata, or null if a line has no equals sign or a name occurs twice.</summary>
    public IReadOnlyDictionary<string, string>? TryGetMetadata()
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in SplitLines(Metadata))
        {
            if (line.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var index)
                || !pairs.TryAdd(line[..index].Trim(), line[(index + 1)..].Trim()))
            {
                return null;
            }
        }

        return pairs;
    }

    private static List<T>? TryParse<T>(string text)
        where T : IParsable<T>
    {
        var items = new List<T>();
        foreach (var line in SplitLines(text))
        {
            if (!T.TryParse(line, null, out var item))
            {
                return null;
            }

            items.Add(item);
        }

        return items;
    }

    private static string Join<T>(IEnumerable<T> items) => string.Join('\n', items);

    private static string[] SplitLines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string[] SplitScopes(StringValues values) =>
    [
        .. values.SelectMany(value => value!.Split([' ', ',', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
            .Distinct(StringComparer.Ordinal),
    ];
}
