using System.Text.Json.Nodes;

namespace ApiKeyAuth.Cli.Exporting;

/// <summary>Provides the members that are exported, in their order.</summary>
internal static class ExportFields
{
    private static readonly string[] Names =
    [
        "id", "name", "kind", "environment", "tenantId", "ownerId", "scopes", "rateLimits", "networks", "audiences", "metadata", "enabled",
        "status", "expiresAt", "notBefore", "expiresAfterIdleDays", "createdAt", "hint",
    ];

    private static readonly string[] HashNames = ["hash", "additionalHashes"];

    public static IReadOnlyList<string> Get(bool includesHashes) => includesHashes ? [.. Names, .. HashNames] : Names;

    /// <summary>Returns the members of a key that have a value.</summary>
    public static IEnumerable<(string Name, JsonNode Value)> Read(JsonObject key, bool includesHashes) =>
        Get(includesHashes).Select(name => (name, key[name])).Where(member => member.Item2 is not null)
            .Select(member => (member.name, member.Item2!));
}
