using System.CommandLine;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;

namespace ApiKeyAuth.Cli.KeyCommands;

/// <summary>Creates the commands <c>keys</c>.</summary>
internal static class KeysCommands
{
    /// <summary>Creates the commands with those of other folders.</summary>
    public static Command Create(ToolConsole console, params Command[] others)
    {
        var command = new ToolCommand(
            "keys",
            "Manages the keys of a database (--connection) or of a host (--url).",
            "apikeyauth keys list --connection \"Data Source=keys.db\"",
            "apikeyauth keys create --name Billing --scope invoices:read --url https://example.com/api-keys")
        {
            ReadCommands.CreateList(console),
            ReadCommands.CreateShow(console),
            WriteCommands.CreateCreate(console),
            WriteCommands.CreateUpdate(console),
            WriteCommands.CreateRotate(console),
            RotationCommands.CreateComplete(console),
            RotationCommands.CreateCancel(console),
            EndCommands.CreateRevoke(console),
            EndCommands.CreateSwitch(console, "disable", isEnabled: false),
            EndCommands.CreateSwitch(console, "enable", isEnabled: true),
            EndCommands.CreateDelete(console),
            ReadCommands.CreateVerify(console),
        };
        foreach (var other in others)
        {
            command.Subcommands.Add(other);
        }

        return command;
    }
}
