using System.CommandLine;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Targets;

namespace ApiKeyAuth.Cli.KeyCommands;

/// <summary>Creates the commands that end a rotation before its grace ends: <c>complete</c> and <c>cancel</c>.</summary>
internal static class RotationCommands
{
    public static Command CreateComplete(ToolConsole console) => Create(
        console,
        "complete",
        "Ends the old secret of a rotated key now. Its new secret stays.",
        "This ends the old secret of the key {0} now.",
        "Ended the old secret of the key {0}.",
        (target, id, cancellationToken) => target.CompleteRotationAsync(id, cancellationToken));

    public static Command CreateCancel(ToolConsole console) => Create(
        console,
        "cancel",
        "Drops the new secret of a rotated key while its old one is still valid. The old one stays.",
        "This drops the new secret of the key {0}.",
        "Dropped the new secret of the key {0}. The old one stays.",
        (target, id, cancellationToken) => target.CancelRotationAsync(id, cancellationToken));

    private static Command Create(
        ToolConsole console,
        string name,
        string description,
        string question,
        string note,
        Func<IKeyTarget, string, CancellationToken, Task<System.Text.Json.Nodes.JsonObject>> end)
    {
        var id = KeyCommand.CreateIdArgument();
        var yes = Confirmation.CreateOption();
        var dryRun = KeyCommand.CreateDryRunOption();
        var command = new KeyCommand(
            console,
            new ToolCommand(name, description, $"apikeyauth keys {name} key_4Xb1 --yes --connection keys.db"),
            KeyFields.Key,
            id,
            yes,
            dryRun);
        return command.Run(async context =>
        {
            var key = context.Result.GetRequiredValue(id);
            if (context.Result.GetValue(dryRun))
            {
                await context.NoteDryRunAsync(key, $"{name} the rotation of");
                return;
            }

            Confirmation.Ask(console, context.Result.GetValue(yes), string.Format(null, question, key), name);
            var changed = await end(context.Target, key, context.CancellationToken);
            context.WriteChange(changed, string.Format(null, note, key));
        });
    }
}
