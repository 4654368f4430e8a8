using System.CommandLine;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;
using ApiKeyAuth.Keys.Formats;

namespace ApiKeyAuth.Cli.Scanning;

/// <summary>Creates the commands <c>patterns</c>: rules by which other scanners find the keys of an app.</summary>
internal static class PatternCommands
{
    public static Command Create(ToolConsole console) => new ToolCommand(
        "patterns",
        "Writes rules by which secret scanners find the keys of the app's formats.",
        "apikeyauth patterns gitleaks > .gitleaks.toml")
    {
        Create(
            console,
            "gitleaks",
            "Writes a configuration of gitleaks.",
            "apikeyauth patterns gitleaks > .gitleaks.toml",
            PatternText.Gitleaks),
        Create(
            console,
            "trufflehog",
            "Writes a configuration of trufflehog.",
            "apikeyauth patterns trufflehog > trufflehog.yaml",
            PatternText.Trufflehog),
        Create(
            console,
            "github",
            "Writes the fields of a custom pattern of GitHub secret scanning.",
            "apikeyauth patterns github --settings src/App/appsettings.json",
            PatternText.GitHub),
    };

    private static ToolCommand Create(
        ToolConsole console, string name, string description, string example, Func<AcceptedApiKeyFormat, string, int, string> write)
    {
        var settings = SettingsFiles.CreateOption();
        var command = new ToolCommand(name, description, example) { settings };
        command.SetAction(result =>
        {
            using var app = AppSettings.Read(console, result.GetValue(settings));

            // Keys that look like other text have no pattern.
            var formats = app.Formats.All.Where(format => format.ScannerPattern is not null);
            console.Out.Write(string.Concat(formats.Select((format, index) => write(format, format.ScannerPattern!, index))));
        });
        return command;
    }
}
