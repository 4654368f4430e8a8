using System.CommandLine;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;
using ApiKeyAuth.Cli.Targets;

namespace ApiKeyAuth.Cli.KeyCommands;

/// <summary>Creates the commands <c>scopes</c>.</summary>
internal static class ScopeCommands
{
    public static Command Create(ToolConsole console) => new ToolCommand(
        "scopes", "Shows the scopes of an app.", "apikeyauth scopes list --settings appsettings.json")
    {
        CreateList(console),
    };

    private static ToolCommand CreateList(ToolConsole console)
    {
        var target = new TargetOptions(console);
        var json = new JsonOption(KeyFields.Scope);
        var command = new ToolCommand(
            "list",
            "Lists the scopes of the settings. With a database or a host, also those of active keys, and the number of these keys.",
            "apikeyauth scopes list --settings appsettings.json",
            "apikeyauth scopes list --connection keys.db --json name,keys")
        {
            json,
        };
        target.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var fields = json.Read(result);
            using var settings = AppSettings.Read(console, target.GetSettingsPath(result));
            await using var keys = await target.TryOpenAsync(result, cancellationToken);
            var counts = keys is null ? null : await CountAsync(keys, cancellationToken);
            new RecordWriter(console).WriteList(CreateRecords(settings, counts), KeyFields.ScopeColumns, fields, "No scopes.");
        });
        return command;
    }

    private static List<JsonObject> CreateRecords(AppSettings settings, Dictionary<string, int>? counts)
    {
        List<JsonObject> records =
        [
            .. settings.Catalog.Definitions.Select(scope => new JsonObject
            {
                ["name"] = scope.Name,
                ["description"] = scope.Description,
                ["implies"] = new JsonArray([.. scope.Implies.Select(name => JsonValue.Create(name))]),
                ["rateLimits"] = new JsonArray([.. scope.RateLimits.Select(limit => JsonValue.Create(limit.ToString()))]),
                ["grantedByDefault"] = scope.GrantedByDefault,
                ["keys"] = counts is null ? null : counts.GetValueOrDefault(scope.Name),
            }),
        ];
        if (counts is not null)
        {
            var others = counts.Keys.Except(records.Select(record => (string)record["name"]!)).Order(StringComparer.Ordinal);
            records.AddRange(others.Select(name => new JsonObject { ["name"] = name, ["keys"] = counts[name] }).ToList());
        }

        return records;
    }

    private static async Task<Dictionary<string, int>> CountAsync(IKeyTarget target, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        await foreach (var key in target.ListAsync(new KeyListFilter { Status = "active" }, cancellationToken))
        {
            foreach (var scope in key["scopes"]?.AsArray() ?? [])
            {
                var name = (string)scope!;
                counts[name] = counts.GetValueOrDefault(name) + 1;
            }
        }

        return counts;
    }
}
