using System.CommandLine;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Targets;

namespace ApiKeyAuth.Cli.KeyCommands;

/// <summary>Creates the commands <c>profile</c>: hosts with the key of the caller.</summary>
internal static class ProfileCommands
{
    private static readonly string[] Fields = ["name", "url"];
    private static readonly Column[] Columns = [new("Name", "name"), new("URL", "url")];

    public static Command Create(ToolConsole console) => new ToolCommand(
        "profile",
        "Stores hosts and the key for each in a file that only you may read.",
        "apikeyauth profile add default --url https://example.com/api-keys < admin.key")
    {
        CreateAdd(console),
        CreateList(console),
        CreateRemove(console),
    };

    private static Argument<string> CreateName() => new("name") { Description = "The name of the profile." };

    private static ToolCommand CreateAdd(ToolConsole console)
    {
        var name = CreateName();
        var url = new Option<string>("--url", "-u") { Description = "The management API of the host.", Required = true };
        var command = new ToolCommand(
            "add",
            "Adds or replaces a profile. The key is read from the standard input.",
            "apikeyauth profile add default --url https://example.com/api-keys < admin.key")
        {
            name,
            url,
        };
        command.SetAction(result =>
        {
            var address = TargetOptions.ParseUrl(result.GetRequiredValue(url)).AbsoluteUri;
            new ProfileFile(console).Set(result.GetRequiredValue(name), new Profile(address, SecretReader.Read(console)));
            console.Note($"Stored the profile {result.GetRequiredValue(name)}.");
        });
        return command;
    }

    private static ToolCommand CreateList(ToolConsole console)
    {
        var json = new JsonOption(Fields);
        var command = new ToolCommand("list", "Lists the profiles, without keys.", "apikeyauth profile list") { json };
        command.SetAction(result => new RecordWriter(console).WriteList(
            new ProfileFile(console).List(), Columns, json.Read(result), "No profiles. Run 'apikeyauth profile add'."));
        return command;
    }

    private static ToolCommand CreateRemove(ToolConsole console)
    {
        var name = CreateName();
        var command = new ToolCommand("remove", "Removes a profile and its key.", "apikeyauth profile remove default") { name };
        command.SetAction(result => console.Note(new ProfileFile(console).Remove(result.GetRequiredValue(name))
            ? $"Removed the profile {result.GetRequiredValue(name)}."
            : throw new ToolException($"The profile {result.GetRequiredValue(name)} does not exist. Run 'apikeyauth profile list'.")));
        return command;
    }
}
