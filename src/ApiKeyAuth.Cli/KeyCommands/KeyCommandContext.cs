using System.CommandLine;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Targets;

namespace ApiKeyAuth.Cli.KeyCommands;

/// <summary>Represents one run of a command for a target.</summary>
/// <param name="Console">The console.</param>
/// <param name="Result">The command line.</param>
/// <param name="Target">The target.</param>
/// <param name="Fields">The members to write as JSON, or null.</param>
/// <param name="CancellationToken">The token that cancels the command.</param>
internal sealed record KeyCommandContext(
    ToolConsole Console, ParseResult Result, IKeyTarget Target, IReadOnlyList<string>? Fields, CancellationToken CancellationToken)
{
    public RecordWriter Writer => new(Console);

    /// <summary>Writes a changed key as JSON, or a note.</summary>
    public void WriteChange(JsonObject key, string note)
    {
        if (Fields is not null)
        {
            Writer.WriteRecord(key, Fields);
        }
        else
        {
            Console.Note(note);
        }
    }

    /// <summary>Writes the secret of a key once, or the key as JSON.</summary>
    public void WriteSecret(JsonObject key, string? outputPath, string note)
    {
        var secret = (string)key["key"]!;
        if (outputPath is not null || Fields is null)
        {
            Console.Note(note);
            new SecretWriter(Console).Write(secret, outputPath);
        }

        if (Fields is not null)
        {
            if (outputPath is not null)
            {
                key.Remove("key");
            }

            Writer.WriteRecord(key, Fields);
        }
    }

    /// <summary>Reads the key of a command that would only show what it does.</summary>
    public async Task NoteDryRunAsync(string id, string change)
    {
        var key = await Target.GetAsync(id, CancellationToken);
        WriteChange(key, $"Would {change} the key {id} ({CellText.Format(key["name"])}). Nothing was changed.");
    }
}
