using System.CommandLine;
using System.CommandLine.Help;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Completion;
using ApiKeyAuth.Cli.Diagnosis;
using ApiKeyAuth.Cli.DueRotations;
using ApiKeyAuth.Cli.Exporting;
using ApiKeyAuth.Cli.Importing;
using ApiKeyAuth.Cli.KeyCommands;
using ApiKeyAuth.Cli.NewKeys;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Scanning;

namespace ApiKeyAuth.Cli;

/// <summary>Creates the command <c>apikeyauth</c> with all its commands.</summary>
internal static class RootCommandFactory
{
    public const string Name = "apikeyauth";

    public static Command Create(ToolConsole console)
    {
        var root = new ToolCommand(
            Name,
            "Makes, manages and finds API keys of apps that use ApiKeyAuth.",
            "apikeyauth new --name Billing --scope invoices:read",
            "apikeyauth keys list --connection \"Data Source=keys.db\"",
            "apikeyauth scan . --git")
        {
            NewCommand.Create(console),
            DevCommands.Create(console),
            KeysCommands.Create(console, ImportCommand.Create(console), ExportCommand.Create(console)),
            RotateDueCommand.Create(console),
            InsightCommands.CreateUsage(console),
            InsightCommands.CreateAudit(console),
            ScopeCommands.Create(console),
            InsightCommands.CreateWhoAmI(console),
            ProfileCommands.Create(console),
            ScanCommand.Create(console),
            PatternCommands.Create(console),
            DoctorCommand.Create(console),
            CompletionCommand.Create(console),
        };
        root.Add(CompletionCommand.CreateSuggestions(console, () => root));
        root.Options.Add(new HelpOption { Action = new ExampleHelpAction() });
        root.Options.Add(new VersionOption { Action = new VersionAction() });
        return root;
    }
}
