using System.CommandLine;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;

namespace ApiKeyAuth.Cli.KeyCommands;

/// <summary>Creates the commands that make and change keys: <c>create</c>, <c>update</c> and <c>rotate</c>.</summary>
internal static class WriteCommands
{
    public static Command CreateCreate(ToolConsole console)
    {
        var name = new Option<string>("--name", "-n") { Description = "The name of the key.", Required = true };
        var kind = new Option<string?>("--kind") { Description = "The kind: organization, personal, service, or a word of the app." };
        var environment = new Option<string?>("--environment", "-e") { Description = "The environment, such as live or test." };
        var owner = new Option<string?>("--owner") { Description = "The ID of the owner." };
        var tenant = new Option<string?>("--tenant") { Description = "The ID of the tenant; only with --connection." };
        var values = new KeyValueOptions(console);
        var output = SecretWriter.CreateOption();
        var dryRun = KeyCommand.CreateDryRunOption();
        var command = new KeyCommand(
            console,
            new ToolCommand(
                "create",
                "Makes a key. Its secret is written once, alone in a line.",
                "apikeyauth keys create --name Billing --scope invoices:read --expires 90d --connection keys.db",
                "KEY=$(apikeyauth keys create --name CI --environment test --url https://example.com/api-keys)"),
            KeyFields.Issued,
            [name, kind, environment, owner, tenant, .. values.All, output, dryRun]);
        return command.Run(async context =>
        {
            var result = context.Result;
            var key = new JsonObject { ["name"] = result.GetRequiredValue(name) };
            AddText(key, "kind", result.GetValue(kind));
            AddText(key, "environment", result.GetValue(environment));
            AddText(key, "ownerId", result.GetValue(owner));
            values.Read(result, key);
            if (result.GetValue(dryRun))
            {
                context.WriteChange(key, $"Would create a key in {context.Target.Description}. Nothing was changed.");
                return;
            }

            new SecretWriter(console).Check(result.GetValue(output));
            var created = await context.Target.CreateAsync(key, result.GetValue(tenant), context.CancellationToken);
            context.WriteSecret(
                created, result.GetValue(output), $"Created the key {created["id"]}. Its secret is shown once.");
        });
    }

    public static Command CreateUpdate(ToolConsole console)
    {
        var id = KeyCommand.CreateIdArgument();
        var name = new Option<string?>("--name", "-n") { Description = "The new name." };
        var values = new KeyValueOptions(console);
        var dryRun = KeyCommand.CreateDryRunOption();
        var command = new KeyCommand(
            console,
            new ToolCommand(
                "update",
                "Changes the values that are passed, and keeps all others.",
                "apikeyauth keys update key_4Xb1 --scope invoices:read --scope invoices:write --connection keys.db",
                "apikeyauth keys update key_4Xb1 --expires none --dry-run"),
            KeyFields.Key,
            [id, name, .. values.All, dryRun]);
        return command.Run(async context =>
        {
            var result = context.Result;
            var patch = new JsonObject();
            AddText(patch, "name", result.GetValue(name));
            values.Read(result, patch);
            if (patch.Count == 0)
            {
                throw ToolException.Usage("Nothing to change. Pass a value, such as --name or --scope.");
            }

            var key = result.GetRequiredValue(id);
            if (result.GetValue(dryRun))
            {
                await context.NoteDryRunAsync(key, $"change {string.Join(", ", patch.Select(member => member.Key))} of");
                return;
            }

            context.WriteChange(await context.Target.UpdateAsync(key, patch, context.CancellationToken), $"Changed the key {key}.");
        });
    }

    public static Command CreateRotate(ToolConsole console)
    {
        var id = KeyCommand.CreateIdArgument();
        var grace = new Option<string>("--grace")
        {
            Description = "How long the old secret stays valid: 0s, 15m, 6h, 7d.",
            DefaultValueFactory = static _ => "0s",
        };
        var discard = new Option<bool>("--discard-current") { Description = "Replace a secret whose delivery was lost." };
        var output = SecretWriter.CreateOption();
        var dryRun = KeyCommand.CreateDryRunOption();
        var command = new KeyCommand(
            console,
            new ToolCommand(
                "rotate",
                "Makes a new secret for a key. It is written once, alone in a line.",
                "apikeyauth keys rotate key_4Xb1 --grace 24h --output-file billing.key --connection keys.db"),
            KeyFields.Issued,
            [id, grace, discard, output, dryRun]);
        return command.Run(async context =>
        {
            var result = context.Result;
            var key = result.GetRequiredValue(id);
            var duration = KeyValues.ParseDuration(result.GetRequiredValue(grace), "--grace");
            if (result.GetValue(dryRun))
            {
                await context.NoteDryRunAsync(key, "rotate");
                return;
            }

            new SecretWriter(console).Check(result.GetValue(output));
            var rotated = await context.Target.RotateAsync(key, duration, result.GetValue(discard), context.CancellationToken);
            context.WriteSecret(rotated, result.GetValue(output), $"Rotated the key {key}. Its new secret is shown once.");
        });
    }

    private static void AddText(JsonObject values, string name, string? text)
    {
        if (text is not null)
        {
            values[name] = text;
        }
    }
}
