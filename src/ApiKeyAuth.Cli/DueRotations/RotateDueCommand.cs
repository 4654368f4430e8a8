using System.CommandLine;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.KeyCommands;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;
using ApiKeyAuth.Cli.Targets;

namespace ApiKeyAuth.Cli.DueRotations;

/// <summary>Creates the command <c>rotate-due</c>, which a scheduler such as cron runs.</summary>
internal static class RotateDueCommand
{
    private static readonly string[] Fields = ["id", "name", "outcome", "reason"];

    private static readonly Column[] Columns = [new("ID", "id"), new("Name", "name"), new("Outcome", "outcome"), new("Reason", "reason")];

    public static Command Create(ToolConsole console)
    {
        var maxAge = new Option<string>("--max-age") { Description = "The age at which a secret is due: 90d.", Required = true };
        var deliver = new Option<string?>("--deliver")
        {
            Description = "A command that reads the new secret from its standard input. APIKEYAUTH_KEY_ID names the key.",
            HelpName = "command",
        };
        var folder = new Option<string?>("--output-dir")
        {
            Description = "A folder for a file '{id}.key' of each key, which only you may read. An older file is replaced.",
            HelpName = "folder",
        };
        var grace = new Option<string>("--grace")
        {
            Description = "How long an old secret stays valid, at least 1m.",
            DefaultValueFactory = static _ => "24h",
        };
        var timeout = new Option<string>("--deliver-timeout")
        {
            Description = "How long the command may run.",
            DefaultValueFactory = static _ => "60s",
        };
        var owner = new Option<string?>("--owner") { Description = "Only keys of this owner." };
        var environment = new Option<string?>("--environment", "-e") { Description = "Only keys of this environment." };
        var dryRun = KeyCommand.CreateDryRunOption();
        var command = new KeyCommand(
            console,
            new ToolCommand(
                "rotate-due",
                "Rotates the active keys whose secret is too old, and delivers the new secrets. A key whose secret cannot be delivered "
                + "keeps its old one. Without due keys, nothing is done.",
                "apikeyauth rotate-due --max-age 90d --deliver 'vault kv put secret/keys/$APIKEYAUTH_KEY_ID value=-' --connection keys.db",
                "apikeyauth rotate-due --max-age 90d --output-dir /run/keys --grace 7d --url https://example.com/api-keys"),
            Fields,
            maxAge,
            deliver,
            folder,
            grace,
            timeout,
            owner,
            environment,
            dryRun);
        return command.Run(async context =>
        {
            var result = context.Result;
            var age = KeyValues.ParseDuration(result.GetRequiredValue(maxAge), "--max-age");
            var rotationGrace = KeyValues.ParseDuration(result.GetRequiredValue(grace), "--grace");
            if (rotationGrace < TimeSpan.FromMinutes(1))
            {
                throw ToolException.Usage("--grace must be at least 1m, so that an undelivered secret can be dropped.");
            }

            var delivery = CreateDelivery(
                console,
                result.GetValue(deliver),
                result.GetValue(folder),
                KeyValues.ParseDuration(result.GetRequiredValue(timeout), "--deliver-timeout"));
            var filter = new KeyListFilter
            {
                Status = "active",
                Owner = result.GetValue(owner),
                Environment = result.GetValue(environment),
            };
            var now = console.Clock.GetUtcNow();
            var keys = await DueKeys.FindAsync(context.Target, filter, now - age, now, context.CancellationToken);
            if (result.GetValue(dryRun))
            {
                Write(context, [.. keys.Select(key => CreateRow(key, "due", null))]);
                console.Note($"Would rotate {keys.Count} key(s). Nothing was changed.");
                return;
            }

            if (keys.Count > 0)
            {
                delivery.Check();
            }

            var rows = await RotateAsync(
                keys, new DeliveredRotation(context.Target, delivery, rotationGrace), context.CancellationToken);
            Write(context, rows);
            var failed = rows.Count(row => row["reason"] is not null);
            console.Note(keys.Count == 0 ? "No keys are due." : $"Rotated {keys.Count - failed} key(s) and delivered their new secrets.");
            if (failed > 0)
            {
                throw new ToolException($"{failed} of {keys.Count} keys were not rotated. Correct the reason, and repeat the command.");
            }
        });
    }

    private static ISecretDelivery CreateDelivery(ToolConsole console, string? command, string? folder, TimeSpan timeout) =>
        (command, folder) switch
        {
            (not null, null) => new CommandDelivery(command, console.Folder, timeout),
            (null, not null) => new FolderDelivery(console.GetPath(folder)),
            _ => throw ToolException.Usage("The new secrets need one place. Pass either --deliver or --output-dir."),
        };

    private static async Task<List<JsonObject>> RotateAsync(
        List<DueKey> keys, DeliveredRotation rotation, CancellationToken cancellationToken)
    {
        var rows = new List<JsonObject>();
        foreach (var key in keys)
        {
            var problem = await rotation.RunAsync(key, cancellationToken);
            rows.Add(CreateRow(key, problem is null ? "rotated" : "not rotated", problem));
        }

        return rows;
    }

    private static JsonObject CreateRow(DueKey key, string outcome, string? reason) =>
        new() { ["id"] = key.Id, ["name"] = key.Name, ["outcome"] = outcome, ["reason"] = reason };

    private static void Write(KeyCommandContext context, List<JsonObject> rows)
    {
        if (rows.Count > 0 || context.Fields is not null)
        {
            context.Writer.WriteList(rows, Columns, context.Fields, "");
        }
    }
}
