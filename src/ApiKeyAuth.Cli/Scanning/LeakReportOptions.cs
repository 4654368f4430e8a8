using System.CommandLine;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Targets;

namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Represents the options that report the found keys, so that the app alerts, rotates or revokes as it is configured.</summary>
/// <param name="console">The console.</param>
internal sealed class LeakReportOptions(ToolConsole console)
{
    private const string Database = "database";

    private readonly Option<string?> _report = new("--report")
    {
        Description = "Report the keys to this address of MapApiKeyLeakReports(), or to 'database' with --connection. The app then alerts, "
            + "rotates or revokes.",
        HelpName = "url",
    };

    private readonly Option<string?> _key = new("--report-key")
    {
        Description = "The file of the private key that signs reports: ECDSA P-256, PEM.",
        HelpName = "file",
    };

    private readonly Option<string?> _keyId = new("--report-key-id") { Description = "The identifier of the public key in the app." };

    private readonly Option<bool> _yes = Confirmation.CreateOption();

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Do not report, only say what would be reported." };

    public Option[] All => [_report, _key, _keyId, _yes, _dryRun];

    /// <summary>Creates what reports keys, or returns null. A wrong option is an error before anything is scanned.</summary>
    public Func<IReadOnlyCollection<KeyValuePair<string, string>>, CancellationToken, Task>? Create(
        ParseResult result, DatabaseTarget? store)
    {
        if (result.GetValue(_report) is not { } report)
        {
            return null;
        }

        var isDatabase = report == Database;
        if (isDatabase && store is null)
        {
            throw ToolException.Usage("--report database needs --connection.");
        }

        // Read now, so that a file that cannot be read is an error before the scan.
        var client = isDatabase ? null : LeakReportClient.Create(console, report, result.GetValue(_key), result.GetValue(_keyId));
        return async (secrets, cancellationToken) =>
        {
            using (client)
            {
                if (secrets.Count == 0)
                {
                    return;
                }

                if (result.GetValue(_dryRun))
                {
                    console.Note($"Would report {secrets.Count} key(s). Nothing was reported.");
                    return;
                }

                Confirmation.Ask(
                    console, result.GetValue(_yes), $"This reports {secrets.Count} key(s), which the app may rotate or revoke.", "report");
                var known = client is null
                    ? await store!.ReportLeaksAsync(secrets, cancellationToken)
                    : await client.ReportAsync(secrets, cancellationToken);
                console.Note($"Reported {secrets.Count} key(s), of which {known} belong to the app.");
            }
        };
    }
}
