using System.Text.Json.Nodes;

namespace ApiKeyAuth.Cli.NewKeys;

/// <summary>Represents a new key and its entry in the settings, which holds the hash and never the key.</summary>
/// <param name="id">The ID.</param>
/// <param name="secret">The key.</param>
/// <param name="entry">The entry.</param>
internal sealed class ConfiguredKey(string id, string secret, JsonObject entry)
{
    public string Id { get; } = id;

    public string Secret { get; } = secret;

    public JsonObject Entry { get; } = entry;

    /// <summary>Returns the type name and the ID.</summary>
    public override string ToString() => $"ConfiguredKey {Id}";
}
