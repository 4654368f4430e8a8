using System.CommandLine;
using ApiKeyAuth.Cli;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests that the commands of the tool in all pages, and in the help, are valid command lines.</summary>
internal sealed class PageCommandTests
{
    private static readonly string[] Pages = ["src/ApiKeyAuth.Cli/README.md", "src/ApiKeyAuth/docs/command-line.md"];

    private static IEnumerable<string> Lines => Pages
        .SelectMany(page => MarkdownPage.Get(page).Blocks("bash")).SelectMany(block => block.Code.Split('\n'))
        .Concat(GetCommands(CreateRoot()).OfType<ToolCommand>().SelectMany(command => command.Examples));

    [Test]
    public void Commands_OfPagesAndHelp_AreValid()
    {
        var lines = Lines.Select(GetCommandLine).OfType<string>().ToList();
        var root = CreateRoot();

        Assert.That(
            lines.Select(line => (line, root.Parse(line["apikeyauth ".Length..]).Errors)).Where(pair => pair.Errors.Count > 0)
                .Select(pair => $"{pair.line}: {pair.Errors[0].Message}"),
            Is.Empty);
        Assert.That(lines, Has.Count.GreaterThan(40));
    }

    [Test]
    public void Commands_Each_HaveAnExample() =>
        Assert.That(
            GetCommands(CreateRoot()).OfType<ToolCommand>().Where(command => !command.Hidden && command.Examples.Count == 0)
                .Select(command => command.Name),
            Is.Empty);

    /// <summary>Returns the part of a line of a shell that is a command of the tool, or null.</summary>
    private static string? GetCommandLine(string line)
    {
        var start = line.IndexOf("apikeyauth ", StringComparison.Ordinal);
        if (start < 0 || line.StartsWith("dotnet ", StringComparison.Ordinal) || line.StartsWith("source ", StringComparison.Ordinal))
        {
            return null;
        }

        // The parser knows double quotes only.
        var command = line[start..].Replace('\'', '"');
        return command.Split([" < ", " > ", " >> ", " | ", ")"], StringSplitOptions.None)[0];
    }

    private static IEnumerable<Command> GetCommands(Command command) => command.Subcommands.SelectMany(GetCommands).Prepend(command);

    private static Command CreateRoot() => RootCommandFactory.Create(new ToolConsole
    {
        In = TextReader.Null,
        Out = TextWriter.Null,
        Error = TextWriter.Null,
        Folder = Path.GetTempPath(),
        GetVariable = static _ => null,
    });
}
