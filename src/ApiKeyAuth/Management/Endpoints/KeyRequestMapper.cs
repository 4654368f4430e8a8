using System.Globalization;
using System.Net;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Management.Documents;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Maps the bodies of requests that create and change keys, and reports texts that cannot be parsed.</summary>
internal static class KeyRequestMapper
{
    public static NewApiKey Map(NewApiKeyDocument body)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        return new NewApiKey
        {
            Name = body.Name ?? "",
            Kind = body.Kind,
            Environment = body.Environment,
            OwnerId = body.OwnerId,
            Scopes = body.Scopes,
            RateLimits = ParseRateLimits(body.RateLimits, problems),
            Networks = ParseNetworks(body.Networks, problems),
            Audiences = body.Audiences,
            Metadata = body.Metadata,
            ExpiresAt = ParseExpiry(body.ExpiresAt, problems),
            ExpiresInDays = body.ExpiresInDays,
            NotBefore = ParseStart(body.NotBefore, problems),
            ExpiresAfterIdleDays = body.ExpiresAfterIdleDays,
            ParseErrors = problems,
        };
    }

    public static ApiKeyPatch Map(ApiKeyPatchDocument body)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        if (body.EnabledChange is { IsSet: true, Value: null })
        {
            problems["enabled"] = "must be true or false";
        }

        return new ApiKeyPatch
        {
            Name = body.NameChange.Select(name => name ?? ""),
            Enabled = body.EnabledChange.Select(isEnabled => isEnabled ?? false),
            Scopes = body.ScopesChange,
            RateLimits = body.RateLimitsChange.Select<IReadOnlyList<RateLimit>?>(limits => ParseRateLimits(limits, problems)),
            Networks = body.NetworksChange.Select<IReadOnlyList<IPNetwork>?>(networks => ParseNetworks(networks, problems)),
            Audiences = body.AudiencesChange,
            Metadata = body.MetadataChange,
            ExpiresAt = body.ExpiresAtChange.Select(expiry => ParseExpiry(expiry, problems)),
            NotBefore = body.NotBeforeChange.Select(start => ParseStart(start, problems)),
            ExpiresAfterIdleDays = body.IdleDaysChange,
            ParseErrors = problems,
        };
    }

    public static ApiKeyRotation Map(ApiKeyRotationDocument body) => new()
    {
        Grace = TimeSpan.FromSeconds(body.GraceSeconds ?? 0),
        DiscardCurrent = body.DiscardCurrent ?? false,
    };

    public static ApiKeyRevocation Map(ApiKeyRevocationDocument body) => new() { Reason = body.Reason, Cascade = body.Cascade ?? false };

    private static List<RateLimit>? ParseRateLimits(IReadOnlyList<string?>? texts, Dictionary<string, string> problems) =>
        ParseList<RateLimit>(
            "rateLimits",
            texts,
            static text => RateLimit.TryParse(text, CultureInfo.InvariantCulture, out var limit) ? limit : null,
            "must be a list of rate limits; write [\"500/hour\"]",
            problems);

    private static List<IPNetwork>? ParseNetworks(IReadOnlyList<string?>? texts, Dictionary<string, string> problems) =>
        ParseList<IPNetwork>(
            "networks",
            texts,
            static text => text is null ? null : Networks.Parse(text),
            "must be a list of networks; write [\"203.0.113.0/24\"], with no bit set after the prefix",
            problems);

    private static ApiKeyExpiry? ParseExpiry(string? text, Dictionary<string, string> problems)
    {
        if (text is null)
        {
            return null;
        }

        if (ApiKeyExpiry.TryParse(text, CultureInfo.InvariantCulture, out var expiry))
        {
            return expiry;
        }

        problems["expiresAt"] = "must be a date (2027-12-31) or a time with its offset (2027-12-31T10:00:00Z)";
        return null;
    }

    private static DateTimeOffset? ParseStart(string? text, Dictionary<string, string> problems)
    {
        var start = text is null ? null : StartTime.Parse(text);
        if (text is not null && start is null)
        {
            problems["notBefore"] = "must be a date (2027-12-31) or a time with its offset (2027-12-31T10:00:00Z)";
        }

        return start;
    }

    private static List<T>? ParseList<T>(
        string name, IReadOnlyList<string?>? texts, Func<string?, T?> parse, string fault, Dictionary<string, string> problems)
        where T : struct
    {
        var items = texts?.Select(parse).OfType<T>().ToList();
        if (items?.Count < texts?.Count)
        {
            problems[name] = fault;
        }

        return items;
    }
}
