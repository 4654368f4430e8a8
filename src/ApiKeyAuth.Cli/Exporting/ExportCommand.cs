using System.CommandLine;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.KeyCommands;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Targets;

namespace ApiKeyAuth.Cli.Exporting;

/// <summary>Creates the command <c>keys export</c>. It never writes a secret, which no database holds.</summary>
internal static class ExportCommand
{
    private static readonly string[] Formats = ["json", "csv", "aws"];

    // A key that has ended could only be imported to be rejected.
    private static readonly string[] EndedStatuses = ["revoked", "expired"];

    public static Command Create(ToolConsole console)
    {
        var to = new Option<string>("--to") { Description = "The format: json, csv, or aws for API Gateway.", Required = true };
        to.AcceptOnlyFromAmong(Formats);
        var hashes = new Option<bool>("--include-hashes")
        {
            Description = "Also write the hashes, by which another store of the app accepts the keys. Only with --connection.",
        };
        var all = new Option<bool>("--all") { Description = "Also export revoked and expired keys." };
        var owner = new Option<string?>("--owner") { Description = "Only keys of this owner." };
        var environment = new Option<string?>("--environment", "-e") { Description = "Only keys of this environment." };
        var output = new Option<string?>("--output-file", "-o")
        {
            Description = "Write to this new file, which only you may read, and not to the standard output.",
            HelpName = "file",
        };
        var command = new KeyCommand(
            console,
            new ToolCommand(
                "export",
                "Writes keys without their secrets. 'keys import --from json' or csv reads them if the hashes are included.",
                "apikeyauth keys export --to json --include-hashes -o keys.json --connection keys.db",
                "apikeyauth keys export --to csv --url https://example.com/api-keys > keys.csv"),
            null,
            to,
            hashes,
            all,
            owner,
            environment,
            output);
        return command.Run(async context =>
        {
            var result = context.Result;
            var includesHashes = result.GetValue(hashes);
            if (includesHashes && context.Target is not DatabaseTarget)
            {
                throw ToolException.Usage("A host returns no hashes. Pass --connection, or remove --include-hashes.");
            }

            if (includesHashes && result.GetValue(to) == "aws")
            {
                throw ToolException.Usage("API Gateway takes no hashes. Remove --include-hashes, or choose --to json or csv.");
            }

            var filter = new KeyListFilter { Owner = result.GetValue(owner), Environment = result.GetValue(environment) };
            var path = result.GetValue(output);
            using var text = path is null ? null : new StringWriter();
            using var writer = KeyExport.Create(result.GetRequiredValue(to), text ?? console.Out, includesHashes);
            var count = 0;
            var keys = includesHashes
                ? ((DatabaseTarget)context.Target).ListWithHashesAsync(filter, context.CancellationToken)
                : context.Target.ListAsync(filter, context.CancellationToken);
            await foreach (var key in keys)
            {
                if (result.GetValue(all) || !EndedStatuses.Contains((string?)key["status"]))
                {
                    writer.Write(key);
                    count++;
                }
            }

            writer.End();
            if (path is not null)
            {
                PrivateFile.Create(console.GetPath(path), text!.ToString());
            }

            console.Note($"Exported {count} key(s) without secrets.{writer.Note}");
        });
    }
}
