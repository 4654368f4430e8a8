using System.Net;
using System.Text.RegularExpressions;
using ApiKeyAuth.IntegrationTests.Package;
using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Samples;

/// <summary>Starts the Quickstart as the README says and pastes what it prints and what all pages show of it.</summary>
internal sealed partial class QuickstartTests
{
    private const string ReadmeAddress = "http://localhost:5080";
    private RunningProcess _quickstart = null!;
    private string _home = null!;
    private string _address = null!;
    private Dictionary<string, string?> _exported = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _home = Directory.CreateTempSubdirectory("quickstart-").FullName;
        _quickstart = StartProcess();
        _address = (await _quickstart.WaitForAsync("Now listening on: ")).Trim();
        await _quickstart.WaitForAsync("curl ");
        _exported = Exports()
            .Matches(_quickstart.Output)
            .ToDictionary(match => match.Groups[1].Value, match => (string?)match.Groups[2].Value);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _quickstart.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Test]
    public void Start_InDevelopment_PrintsOneLineForEachCredential() =>
        Assert.That(_exported.Keys, Is.EqualTo(new[] { "DEMO_KEY", "DEMO_FAST_KEY", "ADMIN_KEY" }));

    [Test]
    public void Start_InDevelopment_PrintsItsCredentialsAsOneBlockAfterItListens()
    {
        var lines = _quickstart.Output.Split('\n');
        var first = Array.FindIndex(lines, line => line.StartsWith("export ", StringComparison.Ordinal));
        Assert.That(first, Is.GreaterThan(Array.FindIndex(lines, line => line.Contains("Now listening on", StringComparison.Ordinal))));
        Assert.That(lines.Skip(first).Take(3), Is.All.StartsWith("export "));
        Assert.That(_quickstart.Output, Does.Not.Contain("keys were read from the configuration"), "none is configured");
    }

    [Test]
    public async Task Start_InDevelopment_PrintsWhatToPasteNext()
    {
        var line = "curl " + await _quickstart.WaitForAsync("curl ");

        var output = await ReadmeCommands.PasteAsync("bash", line + "\n", _exported);

        Assert.That(output, Does.Contain("HTTP/1.1 200 OK").And.Contain("X-RateLimit-Limit: 60"));
    }

    [Test]
    public async Task Start_InDevelopment_PrintsALinkThatSignsInToTheDashboardOnce()
    {
        var link = (await _quickstart.WaitForAsync("Open the dashboard once with this link: ")).Trim();
        using var developer = new HttpClient();
        using var other = new HttpClient();
        using var guessed = await other.GetAsync(link[..^1] + (link[^1] == '0' ? '1' : '0'));
        var list = await developer.GetStringAsync(link);
        using var again = await other.GetAsync(link);
        using var anonymous = await other.GetAsync($"{_address}/keys");

        Assert.That(guessed.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(list, Does.Contain("<h1>API keys</h1>").And.Contain("ADMIN_KEY"));
        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(anonymous.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(
            await developer.GetStringAsync($"{_address}/keys/new?name=From+a+link&scopes=demo:write"),
            Does.Contain("value=\"From a link\"").And.Contain("Change the demo"));
    }

    private static IEnumerable<MarkdownPage> PagesWithCommands =>
        MarkdownPage.All.Where(page => page.Path != GettingStartedTests.PagePath
            && !page.Path.StartsWith("samples/", StringComparison.Ordinal)
            && ReadmeCommands.Read(page).Count > 0);

    [Test]
    public void Pages_WithCommands_AreFound()
    {
        Assert.That(PagesWithCommands.Count(), Is.GreaterThan(4));
        Assert.That(PagesWithCommands.Sum(page => ReadmeCommands.Read(page).Count), Is.GreaterThan(10));
    }

    [Test]
    public async Task Page_PastedLines_PrintWhatItSays(
        [ValueSource(nameof(PagesWithCommands))] MarkdownPage page, [Values("bash", "zsh")] string shell)
    {
        // One shell runs the lines of a page, as some use what earlier ones stored. Temporary folders are below the home of the test.
        var environment = new Dictionary<string, string?>(_exported) { ["TMPDIR"] = _home, ["HOME"] = _home };
        await ReadmeScript.AssertPrintsWhatItSaysAsync(ReadmeCommands.Read(page), ReadmeAddress, _address, environment, shell);
    }

    /// <summary>The requests that the README showed before its pages had them.</summary>
    [TestCase("curl -siw '\\n' http://localhost:5080/public", "200 OK|ok")]
    [TestCase("curl -siw '\\n' http://localhost:5080/protected", "401 Unauthorized|missing_api_key")]
    [TestCase("curl -siw '\\n' http://localhost:5080/protected -H \"X-API-Key: $DEMO_KEY\"", "200 OK|X-RateLimit-Limit: 60")]
    [TestCase(
        "curl -siw '\\n' http://localhost:5080/protected -H \"Authorization: Bearer $DEMO_FAST_KEY\"",
        "200 OK|X-RateLimit-Limit: 1000000000")]
    [TestCase("curl -siw '\\n' http://localhost:5080/protected -H \"X-API-Key: ${DEMO_KEY}x\"", "401 Unauthorized|invalid_api_key")]
    [TestCase("curl -sw '\\n' http://localhost:5080/me -H \"X-API-Key: $ADMIN_KEY\"", "\"name\":\"ADMIN_KEY\"")]
    public async Task Lines_Pasted_PrintTheResponse(string lines, string outputs)
    {
        var output = await ReadmeCommands.PasteAsync(
            "bash", lines.Replace(ReadmeAddress, _address, StringComparison.Ordinal) + "\nprintf END\n", _exported);
        foreach (var expected in outputs.Split('|'))
        {
            Assert.That(output, Does.Contain(expected), lines);
        }

        Assert.That(output, Does.EndWith("\nEND"), "a prompt follows on a line of its own");
    }

    [TestCase("/public", null, "200 ok")]
    [TestCase("/protected", null, "401")]
    [TestCase("/protected", "DEMO_KEY", "200 ok")]
    [TestCase("/protected", "ADMIN_KEY", "200 ok")]
    [TestCase("/protected", "DEMO_FAST_KEY", "200 ok")]
    public async Task Endpoint_WithAndWithoutKey_AnswersByItsScope(string path, string? credential, string expected)
    {
        using var client = new HttpClient { BaseAddress = new Uri(_address) };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (credential is not null)
        {
            request.Headers.Add("X-API-Key", _exported[credential]);
        }

        using var response = await client.SendAsync(request);

        var body = response.IsSuccessStatusCode ? " " + await response.Content.ReadAsStringAsync() : "";
        Assert.That((int)response.StatusCode + body, Is.EqualTo(expected));
    }

    [TestCase("DEMO_KEY", "60")]
    [TestCase("DEMO_FAST_KEY", "1000000000")]
    [TestCase("ADMIN_KEY", "10000")]
    public async Task Me_WithKey_ShowsWhoItIsAndItsLimit(string credential, string limit)
    {
        using var client = new HttpClient { BaseAddress = new Uri(_address) };
        client.DefaultRequestHeaders.Add("X-API-Key", _exported[credential]);

        using var response = await client.GetAsync("/me");

        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain($"\"name\":\"{credential}\""));
        Assert.That(response.Headers.GetValues("X-RateLimit-Limit"), Is.EqualTo(new[] { limit }));
    }

    [Test]
    public void Run_WithAHomeOfItsOwn_LeavesNoKeysThere() =>
        Assert.That(
            Directory.EnumerateFiles(_home, "*", SearchOption.AllDirectories)
                .Where(file => file.Contains("DataProtection", StringComparison.Ordinal)),
            Is.Empty);

    [Test]
    public void Program_OfTheQuickstart_StaysUnderSixtyLines() =>
        Assert.That(File.ReadAllLines(Repository.PathOf("samples", "Quickstart", "Program.cs")), Has.Length.LessThan(60));

    [Test, Category("Long")]
    public async Task Restart_OnTheSameDatabase_KeepsKeysAndPrintsNone()
    {
        await using var again = StartProcess();
        using var client = new HttpClient { BaseAddress = new Uri((await again.WaitForAsync("Now listening on: ")).Trim()) };
        client.DefaultRequestHeaders.Add("X-API-Key", _exported["ADMIN_KEY"]);

        using var response = await client.GetAsync("/api-keys");

        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("DEMO_FAST_KEY").And.Not.Contain(_exported["DEMO_KEY"]));
        await again.WaitForAsync("curl ");
        Assert.That(again.Output, Does.Contain("still work").And.Not.Contain("export "));
    }

    [Test, Category("Long")]
    public async Task Restart_OnAProcessorWithoutAes_TellsKeysApartAllTheSame()
    {
        await using var again = StartProcess(("DOTNET_EnableAES", "0"));
        using var client = new HttpClient { BaseAddress = new Uri((await again.WaitForAsync("Now listening on: ")).Trim()) };
        var key = _exported["ADMIN_KEY"]!;
        var other = _exported["DEMO_FAST_KEY"]!;
        foreach (var (sent, owner) in new[] { (key, "ADMIN_KEY"), (other, "DEMO_FAST_KEY"), (key, "ADMIN_KEY"), (other, "DEMO_FAST_KEY") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/me") { Headers = { { "X-API-Key", sent } } };
            using var response = await client.SendAsync(request);
            Assert.That(
                await response.Content.ReadAsStringAsync(),
                Does.Contain($"\"name\":\"{owner}\""),
                "first from the store, then from the cache");
        }
    }

    private RunningProcess StartProcess(params (string Name, string Value)[] environment) => new(
        "dotnet",
        ["run", "--project", "samples/Quickstart", "--no-build", "-c", Repository.Configuration, "--", "--urls", "http://127.0.0.1:0"],
        Repository.Root,
        new Dictionary<string, string?>
        {
            ["HOME"] = _home,
            ["DOTNET_CLI_HOME"] = _home,
            ["ConnectionStrings__ApiKeys"] = $"Data Source={Path.Combine(_home, "keys.db")}",
            ["ApiKeyAuth__Cache__StoreTimeout"] = "00:01:00",
        }.Concat(environment.Select(variable => KeyValuePair.Create(variable.Name, (string?)variable.Value))).ToDictionary());

    [GeneratedRegex("^export ([A-Z_]+)='([^']+)'$", RegexOptions.Multiline)]
    private static partial Regex Exports();
}
