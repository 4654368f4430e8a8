using System.CommandLine;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;
using ApiKeyAuth.Cli.Targets;

namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Creates the command <c>scan</c>: finds keys in files, logs and the history of git.</summary>
internal static class ScanCommand
{
    private static readonly string[] Fields = ["path", "line", "column", "commit", "key", "status", "keyId"];

    private static readonly Column[] Columns =
    [
        new("Path", "path"), new("Line", "line"), new("Column", "column"), new("Key", "key"), new("Status", "status"),
        new("Key ID", "keyId"), new("Commit", "commit"),
    ];

    public static Command Create(ToolConsole console)
    {
        var paths = new Argument<string[]>("path")
        {
            Description = "The files and folders.",
            Arity = ArgumentArity.OneOrMore,
        };
        var git = new Option<bool>("--git") { Description = "Also scan what all commits added to the repositories of these folders." };
        var logs = new Option<bool>("--logs") { Description = "Also read logs that are compressed (.gz)." };
        var sarif = new Option<string?>("--sarif") { Description = "Write SARIF 2.1.0 to this file, or '-' for the standard output." };
        var reports = new LeakReportOptions(console);
        var json = new JsonOption(Fields);
        var target = new TargetOptions(console);
        var command = new ToolCommand(
            "scan",
            "Finds keys of the app's formats. The exit code is 1 if there are any. With a database, each is looked up by its hash.",
            "apikeyauth scan . --git",
            "apikeyauth scan /var/log/app --logs --connection name=ApiKeys --settings appsettings.json",
            "apikeyauth scan src --sarif keys.sarif",
            "apikeyauth scan . --git --report https://example.com/leaks --report-key leaks.pem --report-key-id ci --yes")
        {
            paths,
            git,
            logs,
            sarif,
            json,
        };
        foreach (var option in reports.All)
        {
            command.Options.Add(option);
        }

        target.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var fields = json.Read(result);
            using var settings = AppSettings.Read(console, target.GetSettingsPath(result));
            await using var store = await target.TryOpenAsync(result, cancellationToken);
            var database = store switch
            {
                null => null,
                DatabaseTarget found => found,
                _ => throw ToolException.Usage("A scan looks keys up in a database. Pass --connection, or no target."),
            };
            var report = reports.Create(result, database);
            using var log = new FindingLog(database);
            var scanner = new KeyScanner(settings.Formats);
            foreach (var path in result.GetRequiredValue(paths))
            {
                await new FileScan(console, scanner, log, result.GetValue(logs)).RunAsync(path, cancellationToken);
                if (result.GetValue(git))
                {
                    await new GitScan(console, scanner, log).RunAsync(path, cancellationToken);
                }
            }

            Write(console, log.Sorted, result.GetValue(sarif), fields);
            if (report is not null)
            {
                await report(log.Secrets, cancellationToken);
            }

            return log.Sorted.Count == 0 ? ExitCodes.Success : ExitCodes.Failure;
        });
        return command;
    }

    private static void Write(ToolConsole console, List<ScanFinding> findings, string? sarif, IReadOnlyList<string>? fields)
    {
        var writer = new RecordWriter(console);
        if (sarif == "-")
        {
            writer.WriteJson(SarifDocument.Create(findings));
            return;
        }

        if (sarif is not null)
        {
            JsonFile.Write(console.GetPath(sarif), SarifDocument.Create(findings));
        }

        List<JsonObject> records =
        [
            .. findings.Select(finding => new JsonObject
            {
                ["path"] = finding.Path,
                ["line"] = finding.Line,
                ["column"] = finding.Column,
                ["commit"] = finding.Commit,
                ["key"] = finding.Masked,
                ["status"] = finding.Status,
                ["keyId"] = finding.KeyId,
            }),
        ];
        writer.WriteList(records, Columns, fields, "No keys found.");
        if (findings.Count > 0)
        {
            console.Warn($"{findings.Count} key(s) found. Revoke them, and read the new ones from a secret store.");
        }
    }
}
