using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests the tool as a program: in a pipe, on a terminal, and its completion in real shells.</summary>
[Platform(Exclude = "Win")]
internal sealed class ToolProcessTests
{
    private ToolHost _tool = null!;

    [SetUp]
    public void Create() => _tool = new ToolHost();

    [TearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    public async Task Program_InAPipe_WritesTheKeyAloneInItsLine()
    {
        var (exitCode, output) = await _tool.RunScriptAsync(
            "bash", "set -o pipefail; apikeyauth new --name Billing --json key 2>error | cat; wc -c <error");

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Match("""^\{"key":"key_live_[0-9A-Za-z]{49}"\}\n *0$"""));
    }

    [Test]
    public async Task Program_WrongCommand_EndsWithExitCode2() =>
        Assert.That(
            await _tool.RunScriptAsync("bash", "apikeyauth nwe"),
            Is.EqualTo((2, "error: Unknown command 'nwe'. Did you mean 'new'? See 'apikeyauth --help'.")));

    [Test]
    public async Task Program_OnATerminal_WritesATableWithoutColorIfAsked([Values] bool hasColor)
    {
        Installed.Find("script", "bsdutils");
        await File.WriteAllTextAsync(_tool.PathOf("App.csproj"), "<Project><PropertyGroup></PropertyGroup></Project>");
        (await _tool.RunAsync("dev", "create", "--name", "Ada", "--id", "ada")).AssertSucceeded();

        var (exitCode, output) = await _tool.RunScriptAsync(
            "bash", $"{(hasColor ? "" : "NO_COLOR=1 ")}script -qec 'apikeyauth dev list' /dev/null");

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("Environment").And.Contain("Ada"));
        Assert.That(output.Contains("\u001b[1m", StringComparison.Ordinal), Is.EqualTo(hasColor), output);
    }

    [Test]
    public async Task Completion_SourcedByBash_CompletesCommands()
    {
        Installed.Find("bash", "bash");
        var (exitCode, output) = await _tool.RunScriptAsync(
            "bash",
            """
            source <(apikeyauth completion bash)
            complete -p apikeyauth
            COMP_WORDS=(apikeyauth dev l); COMP_CWORD=2; COMP_LINE='apikeyauth dev l'; COMP_POINT=${#COMP_LINE}
            _apikeyauth_complete
            echo "${COMPREPLY[@]}"
            """);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Is.EqualTo("complete -o default -F _apikeyauth_complete apikeyauth\nlist"));
    }

    [Test]
    public async Task Completion_SourcedByZsh_CompletesCommands()
    {
        Installed.Find("zsh", "zsh");
        var (exitCode, output) = await _tool.RunScriptAsync(
            "zsh",
            """
            source <(apikeyauth completion zsh)
            print -- "$_comps[apikeyauth]"
            compadd() { shift 2>/dev/null; print -l -- "${suggestions[@]}" }
            BUFFER='apikeyauth dev '
            _apikeyauth_complete
            """,
            "-f");

        Assert.That(exitCode, Is.Zero, output);
        var lines = output.Split('\n');
        Assert.That(lines[0], Is.EqualTo("_apikeyauth_complete"));
        Assert.That(lines[1..], Is.SupersetOf(new[] { "create", "list", "remove", "clear" }));
    }

    [TestCase("fish", "complete -c apikeyauth")]
    [TestCase("pwsh", "Register-ArgumentCompleter -Native -CommandName apikeyauth")]
    public async Task Completion_OtherShells_IsWritten(string shell, string start) =>
        Assert.That((await _tool.RunAsync("completion", shell)).AssertSucceeded().Output, Does.StartWith(start));
}
