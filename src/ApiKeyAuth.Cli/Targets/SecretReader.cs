using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;

namespace ApiKeyAuth.Cli.Targets;

/// <summary>Reads a secret from the standard input, because an argument stays in the history of the shell.</summary>
internal static class SecretReader
{
    private const int MaxLength = 512;

    public static string Read(ToolConsole console)
    {
        if (console.IsInputTerminal)
        {
            console.Error.Write("Key (not shown): ");
        }

        var secret = console.Read(() => console.IsInputTerminal ? ReadHidden(console) : ReadLine(console.In)).Trim();
        return secret.Length is > 0 and <= MaxLength && secret.All(static c => c is > ' ' and < '\u007f')
            ? secret
            : throw ToolException.Usage("The standard input holds no key. Pass it in one line, such as: apikeyauth keys verify < file");
    }

    /// <summary>Reads a line, but no more than a key can have.</summary>
    private static string ReadLine(TextReader reader)
    {
        var buffer = new char[MaxLength + 2];
        var count = reader.ReadBlock(buffer);
        var text = new string(buffer, 0, count);
        return text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? text[..end] : text;
    }

    private static string ReadHidden(ToolConsole console)
    {
        if (!ReferenceEquals(console.In, Console.In))
        {
            return console.In.ReadLine() ?? "";
        }

        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else
            {
                typed.Append(key.KeyChar);
            }
        }

        console.Error.WriteLine();
        return typed.ToString();
    }
}
