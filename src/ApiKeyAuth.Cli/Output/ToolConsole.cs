using Spectre.Console;

namespace ApiKeyAuth.Cli.Output;

/// <summary>Represents everything that a command reads from and writes to, so that tests can run commands in their own process.</summary>
internal sealed class ToolConsole
{
    private const int DefaultWidth = 120;

    public required TextReader In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Gets a value indicating whether a person can answer a question.</summary>
    public bool IsInputTerminal { get; init; }

    /// <summary>Gets a value indicating whether the output is a terminal, which shows tables, and not a pipe or a file.</summary>
    public bool IsOutputTerminal { get; init; }

    public int Width { get; init; } = DefaultWidth;

    /// <summary>Gets the folder that relative paths start from.</summary>
    public required string Folder { get; init; }

    /// <summary>Gets the function that reads an environment variable; an empty one is null.</summary>
    public required Func<string, string?> GetVariable { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Gets a value indicating whether the output is colored (https://no-color.org).</summary>
    public bool UsesColor => IsOutputTerminal && GetVariable("NO_COLOR") is null && GetVariable("TERM") != "dumb";

    public static ToolConsole CreateSystem() => new()
    {
        In = Console.In,
        Out = Console.Out,
        Error = Console.Error,
        IsInputTerminal = !Console.IsInputRedirected,
        IsOutputTerminal = !Console.IsOutputRedirected,
        Width = GetWidth(),
        Folder = Environment.CurrentDirectory,
        GetVariable = static name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null,
    };

    /// <summary>Gets a value indicating whether the tool waits for input.</summary>
    public bool IsReading { get; private set; }

    /// <summary>Reads from the standard input.</summary>
    public T Read<T>(Func<T> read)
    {
        IsReading = true;
        try
        {
            return read();
        }
        finally
        {
            IsReading = false;
        }
    }

    /// <summary>Returns the full path of a path that may be relative.</summary>
    public string GetPath(string path) => Path.GetFullPath(path, Folder);

    /// <summary>Creates what writes tables and charts.</summary>
    public IAnsiConsole CreateAnsi()
    {
        var ansi = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Out),
            Ansi = UsesColor ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = UsesColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        ansi.Profile.Width = Width;
        return ansi;
    }

    /// <summary>Creates what shows progress. It is written to the standard error, because the standard output is the result.</summary>
    public Progress CreateProgress()
    {
        var ansi = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Error),
            Ansi = AnsiSupport.Yes,
            ColorSystem = UsesColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
        });
        ansi.Profile.Width = Width;
        return ansi.Progress();
    }

    /// <summary>Writes a note for the person at the terminal, which a pipe does not receive.</summary>
    public void Note(string text) => Error.WriteLine(text);

    /// <summary>Writes a warning.</summary>
    public void Warn(string text) => Error.WriteLine($"warning: {text}");

    private static int GetWidth()
    {
        try
        {
            return Console.IsOutputRedirected || Console.WindowWidth <= 0 ? DefaultWidth : Console.WindowWidth;
        }
        catch (IOException)
        {
            return DefaultWidth;
        }
    }
}
