using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Usage.History;

namespace ApiKeyAuth.Cli.Targets;

/// <summary>Maps values that are named as in the management API to requests to <see cref="ApiKeyManager"/>.</summary>
internal static class KeyRequests
{
    public static NewApiKey ToNewKey(JsonObject values, string? tenantId) => new()
    {
        Name = (string?)values["name"] ?? "",
        Kind = (string?)values["kind"],
        Environment = (string?)values["environment"],
        OwnerId = (string?)values["ownerId"],
        Scopes = ToStrings(values["scopes"]),
        RateLimits = ToRateLimits(values["rateLimits"]),
        Networks = ToNetworks(values["networks"]),
        Audiences = ToStrings(values["audiences"]),
        ExpiresAt = ToExpiry(values["expiresAt"]),
        TenantId = tenantId,
    };

    public static ApiKeyPatch ToPatch(JsonObject patch) => new()
    {
        Name = Get(patch, "name", node => (string?)node ?? ""),
        Enabled = Get(patch, "enabled", node => (bool)node!),
        Scopes = Get(patch, "scopes", ToStrings),
        RateLimits = Get(patch, "rateLimits", ToRateLimits),
        Networks = Get(patch, "networks", ToNetworks),
        Audiences = Get(patch, "audiences", ToStrings),
        ExpiresAt = Get(patch, "expiresAt", ToExpiry),
    };

    public static ApiKeyListRequest ToListRequest(KeyListFilter filter) => new()
    {
        OwnerId = filter.Owner,
        Environment = filter.Environment,
        Name = filter.Name,
        UnusedDays = filter.UnusedDays,
        Status = filter.Status is null ? null
            : Enum.TryParse<ApiKeyStatus>(filter.Status, ignoreCase: true, out var status) && !char.IsAsciiDigit(filter.Status[0]) ? status
            : throw ToolException.Usage($"--status must be one of {string.Join(", ", Enum.GetNames<ApiKeyStatus>()).ToLowerInvariant()}."),
        Limit = 500,
    };

    public static ApiKeyUsageRequest ToUsageRequest(UsageFilter filter) => new()
    {
        From = ToTime("--from", filter.From),
        To = ToTime("--to", filter.To),
        Granularity = filter.ByDay ? ApiKeyUsageGranularity.Day : ApiKeyUsageGranularity.Hour,
    };

    private static DateTimeOffset? ToTime(string option, string? text) => text is null ? null
        : DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time
        : throw ToolException.Usage($"{option} must be a date or time such as 2027-01-31 or 2027-01-31T18:00:00Z.");

    private static Optional<T> Get<T>(JsonObject patch, string name, Func<JsonNode?, T> read) =>
        patch.TryGetPropertyValue(name, out var node) ? Optional.Create(read(node)) : default;

    private static IReadOnlyList<string>? ToStrings(JsonNode? node) =>
        node is JsonArray items ? [.. items.Select(item => (string)item!)] : null;

    private static IReadOnlyList<RateLimit>? ToRateLimits(JsonNode? node) =>
        ToStrings(node) is { } limits ? [.. limits.Select(limit => RateLimit.Parse(limit, null))] : null;

    private static IReadOnlyList<IPNetwork>? ToNetworks(JsonNode? node) =>
        ToStrings(node) is { } networks ? [.. networks.Select(network => IPNetwork.Parse(network))] : null;

    private static ApiKeyExpiry? ToExpiry(JsonNode? node) => (string?)node is { } text ? ApiKeyExpiry.Parse(text, null) : null;
}
