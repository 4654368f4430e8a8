using System.CommandLine;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Cli.Targets;

namespace ApiKeyAuth.Cli.KeyCommands;

/// <summary>Represents a command for one target, with the options that such commands share.</summary>
internal sealed class KeyCommand
{
    private readonly TargetOptions _target;
    private readonly JsonOption? _json;

    /// <summary>Initializes the command.</summary>
    /// <param name="console">The console.</param>
    /// <param name="command">The command.</param>
    /// <param name="fields">The members that it can write as JSON, or null if it does not write records.</param>
    /// <param name="parts">Its arguments and options.</param>
    public KeyCommand(ToolConsole console, ToolCommand command, IReadOnlyList<string>? fields, params Symbol[] parts)
    {
        Console = console;
        Command = command;
        _target = new TargetOptions(console);
        _json = fields is null ? null : new JsonOption(fields);
        foreach (var part in parts)
        {
            if (part is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)part);
            }
        }

        if (_json is not null)
        {
            command.Options.Add(_json);
        }

        _target.AddTo(command);
    }

    public ToolConsole Console { get; }

    public ToolCommand Command { get; }

    public TargetOptions Target => _target;

    public static Argument<string> CreateIdArgument() => new("id") { Description = "The ID of the key." };

    public static Option<bool> CreateDryRunOption() => new("--dry-run") { Description = "Only show what would be done." };

    /// <summary>Sets the action. It runs with an open target and the chosen members.</summary>
    public Command Run(Func<KeyCommandContext, Task<int>> run)
    {
        Command.SetAction(async (result, cancellationToken) =>
        {
            var fields = _json?.Read(result);
            await using var target = await _target.OpenAsync(result, cancellationToken);
            return await run(new KeyCommandContext(Console, result, target, fields, cancellationToken));
        });
        return Command;
    }

    /// <summary>Sets an action that always succeeds if it does not throw.</summary>
    public Command Run(Func<KeyCommandContext, Task> run) => Run(async context =>
    {
        await run(context);
        return ExitCodes.Success;
    });
}
