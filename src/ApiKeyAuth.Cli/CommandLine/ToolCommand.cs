using System.CommandLine;

namespace ApiKeyAuth.Cli.CommandLine;

/// <summary>Represents a command with examples, which its help shows.</summary>
/// <param name="name">The name.</param>
/// <param name="description">The description.</param>
/// <param name="examples">The examples: whole command lines.</param>
internal sealed class ToolCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}
