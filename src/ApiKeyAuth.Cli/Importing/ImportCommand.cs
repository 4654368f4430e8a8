using System.CommandLine;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.KeyCommands;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;
using ApiKeyAuth.Cli.Targets;
using ApiKeyAuth.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Cli.Importing;

/// <summary>Creates the command <c>keys import</c>.</summary>
internal static class ImportCommand
{
    private static readonly string[] Fields = ["record", "name", "outcome", "reason"];

    private static readonly Column[] Columns = [new("Record", "record"), new("Name", "name"), new("Reason", "reason")];

    public static Command Create(ToolConsole console)
    {
        var file = new Argument<string>("file") { Description = "The file, or '-' for the standard input." };
        var from = new Option<string>("--from") { Description = "The system that wrote the file.", Required = true };
        from.AcceptOnlyFromAmong([.. ImportSources.Names]);
        var partial = new Option<bool>("--partial") { Description = "Import the other keys if some are faulty." };
        var options = new ImportDefaultOptions();
        var dryRun = KeyCommand.CreateDryRunOption();
        var command = new KeyCommand(
            console,
            new ToolCommand(
                "import",
                "Imports keys that another system issued. Nothing is stored if a key is faulty. A canceled import can be repeated.",
                "apikeyauth keys import consumers.yaml --from kong --dry-run --connection keys.db",
                "apikeyauth keys import keys.csv --from aws --scope orders:read --connection name=ApiKeys"),
            Fields,
            [file, from, partial, .. options.All, dryRun]);
        return command.Run(async context =>
        {
            var result = context.Result;
            IImportTarget target = context.Target is HttpTarget host
                ? new HostImport(host)
                : new DatabaseImport((DatabaseTarget)context.Target);
            var source = new ImportFile(result.GetRequiredValue(file), console);
            var drafts = ImportSources.Read(result.GetRequiredValue(from), source);
            using var settings = context.Target is HttpTarget ? AppSettings.Read(console, command.Target.GetSettingsPath(result)) : null;
            var services = (context.Target as DatabaseTarget)?.Services;
            var reader = new DraftReader(
                settings?.Formats ?? services!.GetRequiredService<ApiKeyFormats>(),
                settings?.Hasher ?? services!.GetRequiredService<ApiKeyHasher>(),
                options.Read(result),
                console.Clock.GetUtcNow());
            var import = new KeyImport(target, [.. drafts.Select(reader.Read)]);
            var total = import.Records.Count;
            await ProgressBar.RunAsync(
                console, "Checking", total, report => import.CheckAsync(report, context.CancellationToken));
            var faults = import.Records.Count(record => record.Problem is not null);
            var pending = import.PendingCount;
            if (result.GetValue(dryRun) || (faults > 0 && !result.GetValue(partial)))
            {
                WriteRecords(context, import);
                return result.GetValue(dryRun)
                    ? EndDryRun(console, target, import, pending, faults)
                    : throw new ToolException(
                        $"{faults} of {total} keys are faulty, so nothing was imported. Correct them, or pass --partial.");
            }

            var stored = 0;
            await ProgressBar.RunAsync(
                console,
                "Importing",
                pending,
                async report => stored = await import.StoreAsync(report, context.CancellationToken));
            WriteRecords(context, import);
            console.Note($"Imported {stored} key(s) to {target.Description}.{DescribeOthers(import)}");
            return stored == pending && faults == 0
                ? ExitCodes.Success
                : throw new ToolException($"{total - stored - CountOthers(import)} of {total} keys were not imported. Correct them.");
        });
    }

    private static int EndDryRun(ToolConsole console, IImportTarget target, KeyImport import, int pending, int faults)
    {
        console.Note($"Would import {pending} key(s) to {target.Description}.{DescribeOthers(import)} Nothing was changed.");
        return faults == 0
            ? ExitCodes.Success
            : throw new ToolException($"{faults} of {import.Records.Count} keys are faulty. Correct them.");
    }

    private static int CountOthers(KeyImport import) =>
        import.Records.Count(record => record.Problem is null && (record.IsPresent || record.SkipReason is not null));

    private static string DescribeOthers(KeyImport import)
    {
        var present = import.Records.Count(record => record.IsPresent);
        var skipped = import.Records.Count(record => record.SkipReason is not null);
        return (present > 0 ? $" {present} are there already." : "") + (skipped > 0 ? $" {skipped} are left out." : "");
    }

    /// <summary>Writes a row for each key that is faulty or left out.</summary>
    private static void WriteRecords(KeyCommandContext context, KeyImport import)
    {
        List<JsonObject> rows =
        [
            .. import.Records.Where(record => record.Problem is not null || record.SkipReason is not null).Select(record => new JsonObject
            {
                ["record"] = record.Position,
                ["name"] = record.Name,
                ["outcome"] = record.Problem is not null ? "faulty" : "left out",
                ["reason"] = record.Problem ?? record.SkipReason,
            }),
        ];
        if (rows.Count > 0 || context.Fields is not null)
        {
            context.Writer.WriteList(rows, Columns, context.Fields, "");
        }
    }
}
