using System.CommandLine;
using ApiKeyAuth.Cli;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests the manners that all commands share: help, errors and exit codes.</summary>
internal sealed class CommandLineTests
{
    private ToolHost _tool = null!;

    [SetUp]
    public void Create() => _tool = new ToolHost();

    [TearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    public async Task Run_WithoutArguments_WritesHelp()
    {
        var result = (await _tool.RunAsync()).AssertSucceeded();

        Assert.That(result.Output, Does.Contain("Usage:\n  apikeyauth [command] [options]").And.Contain("Examples:\n  apikeyauth new"));
        Assert.That(result.Output, Does.Not.Contain("suggest"));
    }

    [TestCaseSource(nameof(AllCommands))]
    public async Task Help_OfEachCommand_HasDescriptionAndExamples(string path)
    {
        var result = (await _tool.RunAsync([.. path.Split(' ').Skip(1), "--help"])).AssertSucceeded();

        Assert.That(result.Output, Does.Contain($"Usage:\n  {path}").And.Match($"Examples:\n  .*{path}"));
    }

    [Test]
    public async Task Version_Option_WritesTheVersion() =>
        Assert.That((await _tool.RunAsync("--version")).AssertSucceeded().Output, Does.Match(@"^\d+\.\d+\.\d+(-[0-9a-z.]+)?\n$"));

    [TestCase("nwe", "Unknown command 'nwe'. Did you mean 'new'? See 'apikeyauth --help'.")]
    [TestCase("dev lsit", "Unknown command 'lsit'. Did you mean 'list'? See 'apikeyauth dev --help'.")]
    [TestCase("nothing-near", "Unknown command 'nothing-near'. See 'apikeyauth --help'.")]
    [TestCase("dev", "Required command was not provided. See 'apikeyauth dev --help'.")]
    [TestCase("new", "Option '--name' is required. See 'apikeyauth new --help'.")]
    [TestCase("new --nmae x --name y", "Unknown option '--nmae'. Did you mean '--name'? See 'apikeyauth new --help'.")]
    [TestCase("new --name x --json", "Choose fields for --json: id, key, hash, settings, or '*' for all.")]
    [TestCase("new --name x --json hsah", "Unknown field 'hsah' in --json. Choose from: id, key, hash, settings.")]
    public async Task Run_WrongArguments_EndsWithOneLineAndExitCode2(string arguments, string message) =>
        (await _tool.RunAsync(arguments.Split(' '))).AssertFailed(2, message);

    [TestCase("new --name x {0}", "An unexpected argument was passed, which is not shown because it may be a secret.")]
    [TestCase("dev {0}", "An unexpected command was passed, which is not shown because it may be a secret.")]
    [TestCase("completion {0}", "Argument '***' not recognized. Must be one of: 'bash' 'zsh' 'fish' 'pwsh'.")]
    public async Task Run_SecretAsArgument_IsNotEchoed(string arguments, string message)
    {
        var secret = new ApiKeyFormat().Generate("live");

        var result = await _tool.RunAsync(string.Format(null, arguments, secret).Split(' '));

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(
            string.Join(' ', result.Error.Split(['\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)),
            Does.StartWith($"error: {message}"));
        Assert.That(result.Error.Count(c => c == '\n'), Is.EqualTo(1));
        Assert.That(result.Error, Does.Not.Contain(secret[9..]));
    }

    private static IEnumerable<string> AllCommands()
    {
        var console = new ToolConsole
        {
            In = TextReader.Null,
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            Folder = Path.GetTempPath(),
            GetVariable = static _ => null,
        };
        return Flatten(RootCommandFactory.Create(console)).Select(UsageErrors.GetPath);
    }

    private static IEnumerable<Command> Flatten(Command command) =>
        command.Subcommands.Where(child => !child.Hidden).SelectMany(Flatten).Prepend(command);
}
