using System.CommandLine;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Settings;

namespace ApiKeyAuth.Cli.NewKeys;

/// <summary>Creates the command <c>new</c>: a key and its entry in appsettings.json, without a store.</summary>
internal static class NewCommand
{
    private static readonly string[] Fields = ["id", "key", "hash", "settings"];

    public static Command Create(ToolConsole console)
    {
        var values = new NewKeyOptions();
        var settings = SettingsFiles.CreateOption();
        var output = SecretWriter.CreateOption();
        var json = new JsonOption(Fields);
        var command = new ToolCommand(
            "new",
            "Makes a key and its entry in appsettings.json, which holds the hash and never the key. Nothing is stored.",
            "apikeyauth new --name Billing --scope invoices:read --expires 90d",
            "apikeyauth new --name Billing --settings src/App/appsettings.json --output-file billing.key",
            "apikeyauth new --name Billing --json key,hash");
        values.AddTo(command);
        command.Options.Add(settings);
        command.Options.Add(output);
        command.Options.Add(json);
        command.SetAction(result => Run(
            console, values.Read(result), result.GetValue(settings), result.GetValue(output), json.Read(result)));
        return command;
    }

    private static void Run(
        ToolConsole console, NewKeyRequest request, string? settingsPath, string? outputPath, IReadOnlyList<string>? fields)
    {
        using var settings = AppSettings.Read(console, settingsPath);
        var key = new ConfiguredKeyFactory(settings, console.Clock).Create(
            request, static environments => environments is [var first, ..] ? first : null);
        var entry = new JsonObject
        {
            ["ApiKeyAuth"] = new JsonObject { ["Keys"] = new JsonObject { [key.Id] = key.Entry.DeepClone() } },
        };
        if (fields is not null)
        {
            if (outputPath is not null)
            {
                new SecretWriter(console).Write(key.Secret, outputPath);
            }

            var record = new JsonObject
            {
                ["id"] = key.Id,
                ["key"] = outputPath is null ? key.Secret : null,
                ["hash"] = key.Entry["Hash"]!.DeepClone(),
                ["settings"] = entry,
            };
            new RecordWriter(console).WriteRecord(record, fields);
            return;
        }

        if (!new SecretWriter(console).Write(key.Secret, outputPath))
        {
            console.Note("Copy the key: it is not stored and cannot be shown again. Add this entry to appsettings.json:");
        }

        console.Out.WriteLine(JsonFile.Format(entry));
    }
}
