using System.CommandLine;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;

namespace ApiKeyAuth.Cli.KeyCommands;

/// <summary>Creates the commands that end keys: <c>revoke</c>, <c>disable</c>, <c>enable</c> and <c>delete</c>.</summary>
internal static class EndCommands
{
    public static Command CreateRevoke(ToolConsole console)
    {
        var id = KeyCommand.CreateIdArgument();
        var reason = new Option<string?>("--reason") { Description = "The reason, for the audit." };
        var cascade = new Option<bool>("--cascade") { Description = "Also revoke every key that this key created, and so on." };
        var yes = Confirmation.CreateOption();
        var dryRun = KeyCommand.CreateDryRunOption();
        var command = new KeyCommand(
            console,
            new ToolCommand(
                "revoke",
                "Revokes a key permanently and keeps it for the audit.",
                "apikeyauth keys revoke key_4Xb1 --reason \"found in a log\" --yes --connection keys.db"),
            KeyFields.Key,
            id,
            reason,
            cascade,
            yes,
            dryRun);
        return command.Run(async context =>
        {
            var result = context.Result;
            var key = result.GetRequiredValue(id);
            if (result.GetValue(dryRun))
            {
                await context.NoteDryRunAsync(key, "revoke");
                return;
            }

            Confirmation.Ask(console, result.GetValue(yes), $"This revokes the key {key} permanently.", "revoke");
            var revoked = await context.Target.RevokeAsync(
                key, result.GetValue(reason), result.GetValue(cascade), context.CancellationToken);
            context.WriteChange(revoked, $"Revoked {(int?)revoked["revokedCount"] ?? 1} key(s).");
        });
    }

    public static Command CreateSwitch(ToolConsole console, string name, bool isEnabled)
    {
        var id = KeyCommand.CreateIdArgument();
        var dryRun = KeyCommand.CreateDryRunOption();
        var command = new KeyCommand(
            console,
            new ToolCommand(
                name,
                isEnabled ? "Enables a disabled key." : "Disables a key until it is enabled again.",
                $"apikeyauth keys {name} key_4Xb1 --connection keys.db"),
            KeyFields.Key,
            id,
            dryRun);
        return command.Run(async context =>
        {
            var key = context.Result.GetRequiredValue(id);
            if (context.Result.GetValue(dryRun))
            {
                await context.NoteDryRunAsync(key, name);
                return;
            }

            var changed = await context.Target.UpdateAsync(
                key, new JsonObject { ["enabled"] = isEnabled }, context.CancellationToken);
            context.WriteChange(changed, isEnabled ? $"Enabled the key {key}." : $"Disabled the key {key}.");
        });
    }

    public static Command CreateDelete(ToolConsole console)
    {
        var id = KeyCommand.CreateIdArgument();
        var yes = Confirmation.CreateOption();
        var dryRun = KeyCommand.CreateDryRunOption();
        var command = new KeyCommand(
            console,
            new ToolCommand(
                "delete", "Deletes a key and its usage. Its audit remains.", "apikeyauth keys delete key_4Xb1 --connection keys.db"),
            KeyFields.Key,
            id,
            yes,
            dryRun);
        return command.Run(async context =>
        {
            var key = context.Result.GetRequiredValue(id);
            if (context.Result.GetValue(dryRun))
            {
                await context.NoteDryRunAsync(key, "delete");
                return;
            }

            var before = await context.Target.GetAsync(key, context.CancellationToken);
            var name = CellText.Format(before["name"]);
            Confirmation.Ask(
                console, context.Result.GetValue(yes), $"This deletes the key {key} and its usage.", name.Length > 0 ? name : key);
            await context.Target.DeleteAsync(key, context.CancellationToken);
            context.WriteChange(before, $"Deleted the key {key}.");
        });
    }
}
