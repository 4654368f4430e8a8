using System.CommandLine;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;

namespace ApiKeyAuth.Cli.KeyCommands;

/// <summary>Creates the commands <c>keys</c>.</summary>
internal static class KeysCommands
{
    public static Command Create(ToolConsole console) => new ToolCommand(
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
        EndCommands.CreateRevoke(console),
        EndCommands.CreateSwitch(console, "disable", isEnabled: false),
        EndCommands.CreateSwitch(console, "enable", isEnabled: true),
        EndCommands.CreateDelete(console),
        ReadCommands.CreateVerify(console),
    };
}
