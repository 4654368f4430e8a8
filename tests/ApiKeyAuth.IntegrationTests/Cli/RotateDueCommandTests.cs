using System.Text.Json.Nodes;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.Management;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests the command <c>rotate-due</c>, and the commands that end a rotation.</summary>
[Platform(Exclude = "Win")]
internal sealed class RotateDueCommandTests
{
    private ToolHost _tool = null!;
    private KeysDatabase _database = null!;
    private IssuedApiKey _old = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _database = await KeysDatabase.CreateSqliteAsync();
        _old = await _database.IssueAsync(new NewApiKey { Name = "Ada" });
        _tool = new ToolHost { Clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(91)) };
        _tool.Variables["APIKEYAUTH_CONNECTION"] = _database.ConnectionString;
    }

    [TearDown]
    public async Task DeleteAsync()
    {
        await _database.DisposeAsync();
        _tool.Dispose();
    }

    [Test]
    public async Task RotateDue_ToACommand_DeliversTheSecretByStandardInputOnly()
    {
        var result = (await RunAsync("--deliver", "cat > \"$APIKEYAUTH_KEY_ID.txt\"; cat \"$APIKEYAUTH_KEY_ID.txt\"; env > env.txt"))
            .AssertSucceeded();

        var secret = (await File.ReadAllTextAsync(_tool.PathOf($"{_old.Key.Id}.txt"))).TrimEnd();
        Assert.That(result.Output, Is.EqualTo($"{_old.Key.Id}\tAda\trotated\t\n"));
        Assert.That(result.Error, Does.EndWith("Rotated 1 key(s) and delivered their new secrets.\n"));
        Assert.That(result.Output + result.Error, Does.Not.Contain(secret));
        Assert.That(await File.ReadAllTextAsync(_tool.PathOf("env.txt")), Does.Not.Contain(secret).And.Contain("APIKEYAUTH_KEY_NAME=Ada"));
        await AssertValidAsync(secret, isValid: true);
        await AssertValidAsync(_old.Secret, isValid: true);
    }

    [Test]
    public async Task RotateDue_ToAFolder_WritesAPrivateFileAndASecondRunDoesNothing()
    {
        (await RunAsync("--output-dir", "out")).AssertSucceeded();
        var path = _tool.PathOf("out", $"{_old.Key.Id}.key");
        var secret = await File.ReadAllTextAsync(path);
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }

        await AssertValidAsync(secret.TrimEnd(), isValid: true);

        var again = (await RunAsync("--output-dir", "out")).AssertSucceeded();

        Assert.That(again, Is.EqualTo(new ToolResult(0, "", "No keys are due.\n")));
        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo(secret));
        Assert.That(Directory.GetFiles(_tool.PathOf("out")), Has.Length.EqualTo(1));
    }

    [TestCase("cat >&2; exit 3", "the command ended with exit code 3: ***")]
    [TestCase("exit 1", "the command ended with exit code 1")]
    [TestCase("no-such-command-at-all", "the command ended with exit code 127")]
    [TestCase("sleep 100", "the command did not end within 1 seconds")]
    public async Task RotateDue_DeliveryFails_CancelsTheRotation(string command, string reason)
    {
        var before = await ShowAsync();

        var result = await RunAsync("--deliver", command, "--deliver-timeout", "1s");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.StartWith($"{_old.Key.Id}\tAda\tnot rotated\t{reason}").And.EndWith("The old secret stays\n"));
        Assert.That(result.Error, Does.EndWith("error: 1 of 1 keys were not rotated. Correct the reason, and repeat the command.\n"));
        Assert.That(await ShowAsync(), Is.EqualTo(before));
        await AssertValidAsync(_old.Secret, isValid: true);
    }

    [Test]
    public async Task RotateDue_CanceledDuringTheDelivery_CancelsTheRotation()
    {
        // A process has the time of the system, so the key is an older one.
        await File.WriteAllTextAsync(
            _tool.PathOf("keys.json"),
            $$"""[{"id":"k1","name":"Past","hash":"{{new string('a', 64)}}","createdAt":"2020-01-31T00:00:00Z"}]""");
        (await _tool.RunAsync("keys", "import", "keys.json", "--from", "json")).AssertSucceeded();
        var before = await ShowAsync("k1");
        int exitCode;
        string output;
        await using (var process = new RunningProcess(
            "dotnet",
            [
                ToolHost.Program, "rotate-due", "--max-age", "90d", "--deliver", "touch begun; sleep 100", "--deliver-timeout", "90s",
                "--connection", _database.ConnectionString,
            ],
            _tool.Folder))
        {
            await Eventually.IsTrueAsync(() => File.Exists(_tool.PathOf("begun")));
            exitCode = await process.EndAsync("INT");
            output = process.Output;
        }

        Assert.That(exitCode, Is.EqualTo(2), output);
        Assert.That(output, Does.Contain("error: Canceled. The old secret stays."));
        Assert.That(await ShowAsync("k1"), Is.EqualTo(before));
    }

    [Test]
    public async Task RotateDue_FolderCannotBeWritten_RotatesNothing()
    {
        await File.WriteAllTextAsync(_tool.PathOf("out"), "a file");
        var before = await ShowAsync();

        var result = await RunAsync("--output-dir", "out");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error.TrimEnd('\n'), Does.StartWith("error: ").And.Not.Contain("\n"));
        Assert.That(await ShowAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task RotateDue_DryRunOrYoungKeys_ChangesNothing()
    {
        var before = await ShowAsync();

        var dry = (await RunAsync("--deliver", "exit 1", "--dry-run")).AssertSucceeded();
        Assert.That(dry.Output, Is.EqualTo($"{_old.Key.Id}\tAda\tdue\t\n"));
        Assert.That(dry.Error, Is.EqualTo("Would rotate 1 key(s). Nothing was changed.\n"));
        (await _tool.RunAsync("rotate-due", "--max-age", "92d", "--deliver", "exit 1")).AssertSucceeded();
        Assert.That(await ShowAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task RotateDue_WrongCommandLine_IsOneLine()
    {
        (await RunAsync()).AssertFailed(2, "The new secrets need one place. Pass either --deliver or --output-dir.");
        (await RunAsync("--deliver", "cat", "--output-dir", "out")).AssertFailed(
            2, "The new secrets need one place. Pass either --deliver or --output-dir.");
        (await RunAsync("--deliver", "cat", "--grace", "0s")).AssertFailed(
            2, "--grace must be at least 1m, so that an undelivered secret can be dropped.");
        (await _tool.RunAsync("rotate-due", "--max-age", "old", "--deliver", "cat")).AssertFailed(
            2, "--max-age must be a duration such as 30s, 15m, 6h or 90d.");
    }

    [Test]
    public async Task Complete_RotatedKey_EndsTheOldSecret()
    {
        var secret = (await _tool.RunAsync("keys", "rotate", _old.Key.Id, "--grace", "1h")).AssertSucceeded().Lines.Single();

        Assert.That((await _tool.RunAsync("keys", "complete", _old.Key.Id)).ExitCode, Is.EqualTo(2), "a script must pass --yes");
        (await _tool.RunAsync("keys", "complete", _old.Key.Id, "--dry-run")).AssertSucceeded();
        await AssertValidAsync(_old.Secret, isValid: true);
        (await _tool.RunAsync("keys", "complete", _old.Key.Id, "--yes")).AssertSucceeded();

        await AssertValidAsync(_old.Secret, isValid: false);
        await AssertValidAsync(secret, isValid: true);
        Assert.That((await _tool.RunAsync("keys", "complete", _old.Key.Id, "--yes")).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Cancel_RotatedKey_DropsTheNewSecret()
    {
        var secret = (await _tool.RunAsync("keys", "rotate", _old.Key.Id, "--grace", "1h")).AssertSucceeded().Lines.Single();

        (await _tool.RunAsync("keys", "cancel", _old.Key.Id, "--yes")).AssertSucceeded();

        await AssertValidAsync(_old.Secret, isValid: true);
        await AssertValidAsync(secret, isValid: false);
        var again = await _tool.RunAsync("keys", "cancel", _old.Key.Id, "--yes");
        Assert.That(again.ExitCode, Is.EqualTo(1));
        Assert.That(again.Error, Does.EndWith("Run 'apikeyauth keys show' and repeat the command if it still applies.\n"));
    }

    private Task<ToolResult> RunAsync(params string[] options) => _tool.RunAsync(["rotate-due", "--max-age", "90d", .. options]);

    private async Task AssertValidAsync(string secret, bool isValid) =>
        Assert.That((await _tool.RunWithInputAsync(secret, "keys", "verify")).ExitCode, Is.EqualTo(isValid ? 0 : 1));

    private async Task<string> ShowAsync(string? id = null) => string.Join(
        ' ',
        JsonNode.Parse((await _tool.RunAsync("keys", "show", id ?? _old.Key.Id, "--json", "secrets")).AssertSucceeded().Output)!["secrets"]!
            .AsArray().Select(secret => $"{secret!["hint"]} {secret["expiresAt"]}"));
}
