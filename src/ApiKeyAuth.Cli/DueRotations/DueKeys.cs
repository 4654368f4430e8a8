using System.Globalization;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Targets;

namespace ApiKeyAuth.Cli.DueRotations;

/// <summary>Finds the active keys whose current secret is older than a time, without those that are being rotated.</summary>
internal static class DueKeys
{
    public static async Task<List<DueKey>> FindAsync(
        IKeyTarget target, KeyListFilter filter, DateTimeOffset createdBefore, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var keys = new List<DueKey>();
        await foreach (var key in target.ListAsync(filter, cancellationToken))
        {
            if (IsDue(key, createdBefore, now))
            {
                keys.Add(new DueKey((string)key["id"]!, CellText.Format(key["name"])));
            }
        }

        return keys;
    }

    private static bool IsDue(JsonObject key, DateTimeOffset createdBefore, DateTimeOffset now) =>
        key["secrets"] is JsonArray { Count: > 0 } secrets
        && ReadTime(secrets[0]!["createdAt"]) <= createdBefore
        && !secrets.Skip(1).Any(secret => ReadTime(secret!["expiresAt"]) > now);

    private static DateTimeOffset? ReadTime(JsonNode? node) =>
        node is not null && DateTimeOffset.TryParse(
            (string?)node, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
}
