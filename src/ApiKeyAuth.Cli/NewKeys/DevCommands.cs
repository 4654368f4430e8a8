using System.CommandLine;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;

namespace ApiKeyAuth.Cli.NewKeys;

/// <summary>Creates the commands <c>dev</c>: keys of the project in the folder, for Development.</summary>
internal static class DevCommands
{
    private static readonly string[] Fields = ["id", "name", "environment", "scopes", "expiresAt", "hasSecret"];
    private static readonly string[] NewFields = ["id", "key", "curl"];

    private static readonly Column[] Columns =
    [
        new("ID", "id"), new("Name", "name"), new("Environment", "environment"), new("Scopes", "scopes"), new("Expires", "expiresAt"),
    ];

    public static Command Create(ToolConsole console) => new ToolCommand(
        "dev",
        "Makes keys for the project in the folder that are valid in Development only.",
        "apikeyauth dev create --name Ada --scope agents:read")
    {
        CreateCreate(console),
        CreateList(console),
        CreateRemove(console),
        CreateClear(console),
    };

    private static Option<string?> CreateProjectOption() => new("--project", "-p")
    {
        Description = "The project, or its folder. The default is the folder.",
    };

    private static ToolCommand CreateCreate(ToolConsole console)
    {
        var values = new NewKeyOptions();
        var project = CreateProjectOption();
        var json = new JsonOption(NewFields);
        var command = new ToolCommand(
            "create",
            "Makes a key: its hash in appsettings.Development.json, the key in the user secrets. The key is shown once.",
            "apikeyauth dev create --name Ada --scope agents:read",
            "KEY=$(apikeyauth dev create --name Ada --scope agents:read)");
        values.AddTo(command);
        command.Options.Add(project);
        command.Options.Add(json);
        command.SetAction(result => RunCreate(
            console, DevProject.Find(console, result.GetValue(project)), values.Read(result), json.Read(result)));
        return command;
    }

    private static void RunCreate(ToolConsole console, DevProject project, NewKeyRequest request, IReadOnlyList<string>? fields)
    {
        using var settings = AppSettings.Read(console, File.Exists(project.SettingsPath) ? project.SettingsPath : null);
        var key = new ConfiguredKeyFactory(settings, console.Clock).Create(
            request,
            static environments => environments.Contains("test") ? "test" : environments is [var first, ..] ? first : null);
        new DevKeys(project).Add(key);
        var curl = $"curl -i {project.GetUrl()}/ -H \"X-API-Key: {key.Secret}\"";
        if (fields is not null)
        {
            new RecordWriter(console).WriteRecord(
                new JsonObject { ["id"] = key.Id, ["key"] = key.Secret, ["curl"] = curl }, fields);
            return;
        }

        console.Note($"Created the key {key.Id}. It is shown once.");
        console.Out.WriteLine(key.Secret);
        if (console.IsOutputTerminal)
        {
            console.Out.WriteLine(curl);
        }
    }

    private static ToolCommand CreateList(ToolConsole console)
    {
        var project = CreateProjectOption();
        var json = new JsonOption(Fields);
        var command = new ToolCommand(
            "list", "Lists the keys, without their secrets.", "apikeyauth dev list", "apikeyauth dev list --json id")
        {
            project,
            json,
        };
        command.SetAction(result =>
        {
            var fields = json.Read(result);
            var keys = new DevKeys(DevProject.Find(console, result.GetValue(project))).List();
            new RecordWriter(console).WriteList(keys, Columns, fields, "No keys yet. Run 'apikeyauth dev create --name NAME'.");
        });
        return command;
    }

    private static ToolCommand CreateRemove(ToolConsole console)
    {
        var id = new Argument<string>("id") { Description = "The ID of the key." };
        var project = CreateProjectOption();
        var command = new ToolCommand("remove", "Removes a key.", "apikeyauth dev remove ada-x1y2z3") { id, project };
        command.SetAction(result =>
        {
            var removed = result.GetRequiredValue(id);
            var count = new DevKeys(DevProject.Find(console, result.GetValue(project))).Remove(key => key == removed);
            console.Note(count > 0
                ? $"Removed the key {removed}."
                : throw new ToolException($"The project has no key with the ID {removed}. Run 'apikeyauth dev list'."));
        });
        return command;
    }

    private static ToolCommand CreateClear(ToolConsole console)
    {
        var project = CreateProjectOption();
        var yes = Confirmation.CreateOption();
        var command = new ToolCommand("clear", "Removes all keys of the project for Development.", "apikeyauth dev clear --yes")
        {
            project,
            yes,
        };
        command.SetAction(result =>
        {
            var keys = new DevKeys(DevProject.Find(console, result.GetValue(project)));
            Confirmation.Ask(console, result.GetValue(yes), "This removes all keys of appsettings.Development.json.", "clear");
            console.Note($"Removed {keys.Remove(static _ => true)} key(s).");
        });
        return command;
    }
}
