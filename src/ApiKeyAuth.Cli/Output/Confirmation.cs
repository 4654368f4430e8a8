using System.CommandLine;
using ApiKeyAuth.Cli.CommandLine;

namespace ApiKeyAuth.Cli.Output;

/// <summary>Asks before something is lost. Only a person at a terminal is asked; a script must pass <c>--yes</c>.</summary>
internal static class Confirmation
{
    public static Option<bool> CreateOption() => new("--yes", "-y") { Description = "Do not ask for confirmation." };

    /// <summary>Asks to type a word.</summary>
    /// <exception cref="ToolException">
    /// Another word was typed, or the input is not a terminal and <c>--yes</c> was not passed.
    /// </exception>
    public static void Ask(ToolConsole console, bool isConfirmed, string question, string word)
    {
        if (isConfirmed)
        {
            return;
        }

        if (!console.IsInputTerminal)
        {
            throw ToolException.Usage("The command needs confirmation, and the input is not a terminal. Pass --yes.");
        }

        console.Error.Write($"{question} Type '{word}' to confirm: ");
        if (console.Read(console.In.ReadLine)?.Trim() != word)
        {
            throw ToolException.Usage("Not confirmed; nothing was changed.");
        }
    }
}
