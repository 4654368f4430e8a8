using System.CommandLine;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;

namespace ApiKeyAuth.Cli.KeyCommands;

/// <summary>Represents the options of the values that a key can be created with or changed to.</summary>
/// <param name="console">The console.</param>
internal sealed class KeyValueOptions(ToolConsole console)
{
    private const string ClearWord = "none";

    private readonly Option<string[]> _scopes = Create("--scope", "A scope. Repeat the option for more; 'none' for no scopes.");
    private readonly Option<string[]> _rateLimits = Create("--rate-limit", "A limit such as 60/minute; 'none' for those of the scopes.");
    private readonly Option<string[]> _networks = Create("--network", "A network such as 203.0.113.0/24; 'none' for all networks.");
    private readonly Option<string[]> _audiences = Create("--audience", "An audience; 'none' for all audiences.");

    private readonly Option<string?> _expires = new("--expires")
    {
        Description = "Days, a date or a time: 90d, 2027-12-31; 'none' for no end.",
    };

    public Symbol[] All => [_scopes, _rateLimits, _networks, _audiences, _expires];

    /// <summary>Adds the values that were passed, named as in the management API.</summary>
    public void Read(ParseResult result, JsonObject values)
    {
        Add(result, _scopes, "scopes", values, scopes => KeyValues.CheckScopes(scopes, Keys.ScopeCatalog.Empty));
        Add(result, _rateLimits, "rateLimits", values, limits => limits.ForEach(limit => KeyValues.ParseRateLimits(limit)));
        Add(result, _networks, "networks", values, networks => networks.ForEach(CheckNetwork));
        Add(result, _audiences, "audiences", values, static _ => { });
        if (result.GetValue(_expires) is { } expires)
        {
            values["expiresAt"] = expires == ClearWord ? null : KeyValues.ParseExpiry(expires, console.Clock.GetUtcNow()).ToString();
        }
    }

    private static Option<string[]> Create(string name, string description) =>
        new(name) { Description = description, DefaultValueFactory = static _ => [] };

    private static void Add(
        ParseResult result, Option<string[]> option, string name, JsonObject values, Action<List<string>> check)
    {
        if (result.GetValue(option) is not { Length: > 0 } items)
        {
            return;
        }

        List<string> parts = items is [ClearWord]
            ? []
            : [.. items.SelectMany(item => item.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        check(parts);
        values[name] = new JsonArray([.. parts.Select(part => JsonValue.Create(part))]);
    }

    private static void CheckNetwork(string text)
    {
        if (!KeyValues.TryParseNetwork(text, out _))
        {
            throw ToolException.Usage(
                "--network must be a network such as 203.0.113.0/24 or 2001:db8::/48, with no bits after the prefix.");
        }
    }
}
