using System.Text.Json.Nodes;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.Cli.Importing;

/// <summary>Creates the JSON with which a key is imported by the management API.</summary>
internal static class ImportRequest
{
    public static JsonObject Create(ImportedApiKey imported)
    {
        var key = imported.Key;
        var request = new JsonObject
        {
            ["name"] = key.Name,
            ["kind"] = key.Kind,
            ["environment"] = key.Environment,
            ["ownerId"] = key.OwnerId,
            ["scopes"] = CreateList(key.Scopes),
            ["rateLimits"] = CreateList(key.RateLimits?.Select(limit => limit.ToString())),
            ["networks"] = CreateList(key.Networks?.Select(network => network.ToString())),
            ["audiences"] = CreateList(key.Audiences),
            ["metadata"] = key.Metadata is { Count: > 0 } metadata
                ? new JsonObject(metadata.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value)))
                : null,
            ["expiresAt"] = key.ExpiresAt?.ToString(),
            ["notBefore"] = key.NotBefore?.ToString("O"),
            ["expiresAfterIdleDays"] = key.ExpiresAfterIdleDays,
            ["hash"] = imported.Hash,
            ["hashAlgorithm"] = imported.HashAlgorithm,
            ["additionalHashes"] = CreateList(imported.AdditionalHashes),
            ["enabled"] = imported.Enabled,
            ["prefix"] = imported.Prefix,
            ["hint"] = imported.Hint,
            ["createdAt"] = imported.CreatedAt?.ToString("O"),
        };
        foreach (var name in request.Where(member => member.Value is null).Select(member => member.Key).ToArray())
        {
            request.Remove(name);
        }

        return request;
    }

    private static JsonArray? CreateList(IEnumerable<string>? texts) =>
        texts is null ? null : new JsonArray([.. texts.Select(text => (JsonNode?)text)]);
}
