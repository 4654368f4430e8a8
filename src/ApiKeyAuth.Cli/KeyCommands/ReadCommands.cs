using System.CommandLine;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Targets;

namespace ApiKeyAuth.Cli.KeyCommands;

/// <summary>Creates the commands that read keys: <c>list</c>, <c>show</c> and <c>verify</c>.</summary>
internal static class ReadCommands
{
    public static Command CreateList(ToolConsole console)
    {
        var owner = new Option<string?>("--owner") { Description = "Only keys of this owner." };
        var environment = new Option<string?>("--environment", "-e") { Description = "Only keys of this environment." };
        var status = new Option<string?>("--status") { Description = "Only keys of this status, such as active or revoked." };
        var name = new Option<string?>("--name", "-n") { Description = "Only keys whose name contains this text." };
        var unused = new Option<int?>("--unused-days") { Description = "Only keys that were not used for so many days." };
        var limit = new Option<int>("--limit") { Description = "The largest number of keys.", DefaultValueFactory = static _ => 1_000 };
        var command = new KeyCommand(
            console,
            new ToolCommand(
                "list",
                "Lists keys, newest first.",
                "apikeyauth keys list --connection keys.db --status active",
                "apikeyauth keys list --unused-days 90 --json id,name,ownerId"),
            KeyFields.Key,
            owner,
            environment,
            status,
            name,
            unused,
            limit);
        return command.Run(async context =>
        {
            var result = context.Result;
            var filter = new KeyListFilter
            {
                Owner = result.GetValue(owner),
                Environment = result.GetValue(environment),
                Status = result.GetValue(status),
                Name = result.GetValue(name),
                UnusedDays = result.GetValue(unused),
            };
            var max = result.GetValue(limit);
            var keys = new List<JsonObject>();
            await foreach (var key in context.Target.ListAsync(filter, context.CancellationToken))
            {
                if (keys.Count == max)
                {
                    context.Console.Warn($"There are more than {max} keys. Pass a larger --limit.");
                    break;
                }

                keys.Add(key);
            }

            context.Writer.WriteList(keys, KeyFields.KeyColumns, context.Fields, "No keys match.");
        });
    }

    public static Command CreateShow(ToolConsole console)
    {
        var id = KeyCommand.CreateIdArgument();
        var command = new KeyCommand(
            console,
            new ToolCommand(
                "show", "Shows a key without its secret.", "apikeyauth keys show key_4Xb1 --connection keys.db"),
            KeyFields.Key,
            id);
        return command.Run(async context => context.Writer.WriteRecord(
            await context.Target.GetAsync(context.Result.GetRequiredValue(id), context.CancellationToken), context.Fields));
    }

    public static Command CreateVerify(ToolConsole console)
    {
        var command = new KeyCommand(
            console,
            new ToolCommand(
                "verify",
                "Reads a key from the standard input and shows whether it is valid. The exit code is 1 if it is not.",
                "apikeyauth keys verify --connection keys.db < billing.key",
                "echo \"$KEY\" | apikeyauth keys verify --url https://example.com/api-keys --json valid,id"),
            KeyFields.Verification);
        return command.Run(async context =>
        {
            var verification = await context.Target.VerifyAsync(SecretReader.Read(context.Console), context.CancellationToken);
            context.Writer.WriteRecord(verification, context.Fields);
            return (bool?)verification["valid"] is true ? ExitCodes.Success : ExitCodes.Failure;
        });
    }
}
