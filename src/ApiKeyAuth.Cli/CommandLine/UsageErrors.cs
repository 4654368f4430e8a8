using System.CommandLine;

namespace ApiKeyAuth.Cli.CommandLine;

/// <summary>Describes a wrong command line in one line, without repeating what may be a secret.</summary>
internal static class UsageErrors
{
    public static string Describe(ParseResult result)
    {
        var command = result.CommandResult.Command;
        var problem = result.UnmatchedTokens is [var unmatched, ..]
            ? DescribeUnmatched(unmatched, command)
            : DescribeError(result, result.Errors[0].Message);
        return $"{problem} See '{GetPath(command)} --help'.";
    }

    private static string DescribeUnmatched(string argument, Command command)
    {
        var isOption = argument.StartsWith('-');
        var kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        if (!SecretText.IsWord(argument))
        {
            return $"An unexpected {kind} was passed, which is not shown because it may be a secret.";
        }

        var names = isOption
            ? command.Options.Concat(GetParents(command).SelectMany(parent => parent.Options.Where(option => option.Recursive)))
                .Where(option => !option.Hidden).Select(option => option.Name)
            : command.Subcommands.Where(subcommand => !subcommand.Hidden).Select(subcommand => subcommand.Name);
        var suggestion = Suggestions.Find(argument, names) is { } name ? $" Did you mean '{name}'?" : "";
        return $"Unknown {kind} '{argument}'.{suggestion}";
    }

    private static string DescribeError(ParseResult result, string message)
    {
        foreach (var token in result.Tokens.Where(token => token.Type == System.CommandLine.Parsing.TokenType.Argument))
        {
            if (!SecretText.IsWord(token.Value))
            {
                message = message.Replace(token.Value, "***", StringComparison.Ordinal);
            }
        }

        message = message.TrimEnd();
        return message.EndsWith('.') ? message : message + ".";
    }

    /// <summary>Returns the name of a command with those of its parents, as it is typed.</summary>
    public static string GetPath(Command command) =>
        string.Join(' ', GetParents(command).Reverse().Append(command).Select(part => part.Name));

    private static IEnumerable<Command> GetParents(Command command)
    {
        for (var parent = command.Parents.OfType<Command>().FirstOrDefault(); parent is not null;
            parent = parent.Parents.OfType<Command>().FirstOrDefault())
        {
            yield return parent;
        }
    }
}
