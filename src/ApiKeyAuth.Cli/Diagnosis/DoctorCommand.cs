using System.CommandLine;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;

namespace ApiKeyAuth.Cli.Diagnosis;

/// <summary>Creates the command <c>doctor</c>: what is wrong and what is weak in the settings of an app.</summary>
internal static class DoctorCommand
{
    private const string Wrong = "wrong";
    private const string Weak = "weak";
    private static readonly string[] Fields = ["level", "text"];
    private static readonly Column[] Columns = [new("Level", "level"), new("Finding", "text")];

    public static Command Create(ToolConsole console)
    {
        var file = new Argument<string>("file")
        {
            Description = "The appsettings.json of the app. Its other layers are read as a host reads them.",
            DefaultValueFactory = static _ => SettingsFiles.DefaultName,
        };
        var environment = new Option<string?>("--environment", "-e")
        {
            Description = "The environment of the app. The default is ASPNETCORE_ENVIRONMENT or Production.",
        };
        var json = new JsonOption(Fields);
        var command = new ToolCommand(
            "doctor",
            "Reads the settings of an app as its host would, and shows what is wrong and what is weak. The exit code is 1 if it is wrong.",
            "apikeyauth doctor src/App/appsettings.json",
            "apikeyauth doctor appsettings.json --environment Development --json level,text")
        {
            file,
            environment,
            json,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            var fields = json.Read(result);
            var path = result.GetRequiredValue(file);
            var name = result.GetValue(environment) ?? SettingsFiles.GetEnvironment(console);
            using var settings = AppSettings.Read(console, path, name);
            var (problems, warnings) = await StartupDiagnosis.RunAsync(
                console, settings.File!, name, cancellationToken);
            List<JsonObject> findings = [.. problems.Select(problem => CreateFinding(Wrong, problem))];
            if (problems.Count == 0)
            {
                findings.AddRange(warnings.Concat(Weaknesses.Find(settings)).Distinct().Select(text => CreateFinding(Weak, text)));
            }

            new RecordWriter(console).WriteList(findings, Columns, fields, "Nothing is wrong or weak.");
            return problems.Count == 0 ? ExitCodes.Success : ExitCodes.Failure;
        });
        return command;
    }

    private static JsonObject CreateFinding(string level, string text) => new() { ["level"] = level, ["text"] = text };
}
