using System.Text.Json.Nodes;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests <c>dev</c>: keys of the project in the folder, for Development.</summary>
internal sealed class DevCommandTests
{
    private const string Project = "<Project Sdk=\"Microsoft.NET.Sdk.Web\">\n  <PropertyGroup>\n  </PropertyGroup>\n</Project>\n";
    private ToolHost _tool = null!;

    [SetUp]
    public void Create()
    {
        _tool = new ToolHost();
        File.WriteAllText(_tool.PathOf("App.csproj"), Project);
    }

    [TearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    public async Task Create_InAProject_WritesTheHashToSettingsAndTheKeyToUserSecrets()
    {
        var result = (await _tool.RunAsync("dev", "create", "--name", "Ada", "--id", "ada", "--scope", "agents:read")).AssertSucceeded();

        var secret = result.Lines.Single();
        Assert.That(new ApiKeyFormat().TryParse(secret, out var parsed));
        Assert.That(parsed.Environment, Is.EqualTo("test"));
        var settings = await File.ReadAllTextAsync(_tool.PathOf("appsettings.Development.json"));
        var entry = JsonNode.Parse(settings)!["ApiKeyAuth"]!["Keys"]!["ada"]!;
        Assert.That((string?)entry["Hash"], Is.EqualTo(new ApiKeyHasher([]).Hash(secret).Format()));
        Assert.That(settings, Does.Not.Contain(secret));
        Assert.That(
            await File.ReadAllTextAsync(_tool.PathOf("App.csproj")), Does.Match("<PropertyGroup>\n    <UserSecretsId>[0-9a-f-]{36}<"));
        var secrets = FindSecrets();
        Assert.That((string?)JsonNode.Parse(await File.ReadAllTextAsync(secrets))!["ApiKeyAuthDev:Keys:ada"], Is.EqualTo(secret));
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(secrets), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Test]
    public async Task Create_OnATerminal_AlsoShowsTheLineForCurl()
    {
        using var tool = new ToolHost { IsTerminal = true };
        await File.WriteAllTextAsync(tool.PathOf("App.csproj"), Project);
        Directory.CreateDirectory(tool.PathOf("Properties"));
        await File.WriteAllTextAsync(
            tool.PathOf("Properties", "launchSettings.json"),
            """{ "profiles": { "http": { "applicationUrl": "http://localhost:5123;https://localhost:7123" } } }""");

        var result = (await tool.RunAsync("dev", "create", "--name", "Ada")).AssertSucceeded();

        Assert.That(result.Lines[1], Is.EqualTo($"curl -i http://localhost:5123/ -H \"X-API-Key: {result.Lines[0]}\""));
    }

    [Test]
    public async Task List_AfterCreateAndRemove_ShowsTheKeysWithoutSecrets()
    {
        var ada = (await _tool.RunAsync("dev", "create", "--name", "Ada", "--id", "ada", "--scope", "agents:read")).AssertSucceeded();
        (await _tool.RunAsync("dev", "create", "--name", "Bo", "--id", "bo", "-e", "live")).AssertSucceeded();

        var listed = (await _tool.RunAsync("dev", "list")).AssertSucceeded().Output;
        Assert.That(listed, Is.EqualTo("ada\tAda\ttest\tagents:read\t\nbo\tBo\tlive\t\t\n"));
        Assert.That(
            (await _tool.RunAsync("dev", "list", "--json", "id,hasSecret")).Output,
            Is.EqualTo("""[{"id":"ada","hasSecret":true},{"id":"bo","hasSecret":true}]""" + "\n"));

        (await _tool.RunAsync("dev", "remove", "ada")).AssertSucceeded();
        Assert.That((await _tool.RunAsync("dev", "list")).Output, Is.EqualTo("bo\tBo\tlive\t\t\n"));
        Assert.That(await File.ReadAllTextAsync(FindSecrets()), Does.Not.Contain(ada.Lines[0]));
        (await _tool.RunAsync("dev", "remove", "ada")).AssertFailed(
            1, "The project has no key with the ID ada. Run 'apikeyauth dev list'.");
    }

    [Test]
    public async Task Clear_WithoutYesInAPipe_ChangesNothing()
    {
        (await _tool.RunAsync("dev", "create", "--name", "Ada")).AssertSucceeded();

        (await _tool.RunAsync("dev", "clear")).AssertFailed(
            2, "The command needs confirmation, and the input is not a terminal. Pass --yes.");
        Assert.That((await _tool.RunAsync("dev", "list")).Lines, Has.Length.EqualTo(1));

        Assert.That((await _tool.RunAsync("dev", "clear", "--yes")).AssertSucceeded().Error, Is.EqualTo("Removed 1 key(s).\n"));
        Assert.That((await _tool.RunAsync("dev", "list")).Output, Is.Empty);
    }

    [Test]
    public async Task Create_SettingsWithComments_ChangesNothing()
    {
        const string Settings = "{\n  // mine\n  \"A\": 1\n}\n";
        var path = _tool.PathOf("appsettings.Development.json");
        await File.WriteAllTextAsync(path, Settings);

        (await _tool.RunAsync("dev", "create", "--name", "Ada")).AssertFailed(
            1,
            $"{path} has comments or trailing commas (line 2), which a change would lose. "
            + "Remove them, or add the entry of 'apikeyauth new' by hand.");
        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo(Settings));
        Assert.That(await File.ReadAllTextAsync(_tool.PathOf("App.csproj")), Is.EqualTo(Project));
    }

    [Test]
    public async Task Create_KeysAsAListOrTheSameId_ChangesNothing()
    {
        (await _tool.RunAsync("dev", "create", "--name", "Ada", "--id", "ada")).AssertSucceeded();
        (await _tool.RunAsync("dev", "create", "--name", "Ada", "--id", "ada")).AssertFailed(
            1, "The project has a key with the ID ada. Pass another --id, or run 'apikeyauth dev remove ada'.");

        await File.WriteAllTextAsync(_tool.PathOf("appsettings.json"), """{ "ApiKeyAuth": { "Keys": [ { "Id": "a" } ] } }""");
        (await _tool.RunAsync("dev", "create", "--name", "Bo")).AssertFailed(
            1, "appsettings.json has ApiKeyAuth:Keys as a list. Write it as an object whose members are named like the IDs.");
    }

    [Test]
    public async Task Create_WithoutOrWithSeveralProjects_NamesTheOption()
    {
        await File.WriteAllTextAsync(_tool.PathOf("Other.csproj"), Project);
        (await _tool.RunAsync("dev", "create", "--name", "Ada")).AssertFailed(
            1, "The folder has several projects. Pass one of them by --project.");
        (await _tool.RunAsync("dev", "create", "--name", "Ada", "--project", "home")).AssertFailed(
            1, "The folder has no project. Run the command in the folder of the app, or pass --project.");
    }

    private string FindSecrets() =>
        Directory.GetFiles(_tool.PathOf("home", ".microsoft", "usersecrets"), "secrets.json", SearchOption.AllDirectories).Single();
}
