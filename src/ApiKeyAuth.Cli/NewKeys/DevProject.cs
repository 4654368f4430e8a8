using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;

namespace ApiKeyAuth.Cli.NewKeys;

/// <summary>Represents the project in the folder: its settings for Development, and the user secrets of the developer.</summary>
internal sealed partial class DevProject
{
    private const string DefaultUrl = "http://localhost:5000";
    private readonly string _project;
    private readonly ToolConsole _console;

    private DevProject(string project, ToolConsole console)
    {
        _project = project;
        _console = console;
    }

    public string Folder => Path.GetDirectoryName(_project)!;

    public string SettingsPath => Path.Combine(Folder, "appsettings.json");

    public string DevelopmentPath => Path.Combine(Folder, "appsettings.Development.json");

    /// <summary>Finds the project.</summary>
    /// <param name="console">The console.</param>
    /// <param name="path">The project or its folder, or null for the folder of the console.</param>
    public static DevProject Find(ToolConsole console, string? path)
    {
        var full = console.GetPath(path ?? ".");
        if (File.Exists(full))
        {
            return new DevProject(full, console);
        }

        var projects = Directory.Exists(full) ? Directory.GetFiles(full, "*.*proj") : [];
        return projects switch
        {
            [var project] => new DevProject(project, console),
            [] => throw new ToolException("The folder has no project. Run the command in the folder of the app, or pass --project."),
            _ => throw new ToolException("The folder has several projects. Pass one of them by --project."),
        };
    }

    /// <summary>Returns the path of the user secrets, or null if the project has none.</summary>
    public string? FindSecretsPath() =>
        UserSecrets.FindPath(_console, File.ReadAllText(_project));

    /// <summary>Returns the path of the user secrets. A project without an ID for them gets one.</summary>
    public string GetOrAddSecretsPath()
    {
        if (FindSecretsPath() is { } path)
        {
            return path;
        }

        var text = File.ReadAllText(_project);
        if (PropertyGroupRegex().Match(text) is not { Success: true } group)
        {
            throw new ToolException("The project has no PropertyGroup. Run 'dotnet user-secrets init' and repeat the command.");
        }

        var id = Guid.NewGuid().ToString();
        var newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        File.WriteAllText(
            _project,
            text.Insert(group.Index + group.Length, $"{newLine}    <UserSecretsId>{id}</UserSecretsId>"));
        return UserSecrets.GetPath(_console, id);
    }

    /// <summary>Returns the address at which the app listens in Development.</summary>
    public string GetUrl()
    {
        var path = Path.Combine(Folder, "Properties", "launchSettings.json");
        try
        {
            var profiles = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))?["profiles"] as JsonObject : null;
            var urls = profiles?.Select(profile => (string?)profile.Value?["applicationUrl"]).FirstOrDefault(url => url is not null);
            return urls?.Split(';')[0] ?? DefaultUrl;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return DefaultUrl;
        }
    }

    [GeneratedRegex("<PropertyGroup>")]
    private static partial Regex PropertyGroupRegex();
}
