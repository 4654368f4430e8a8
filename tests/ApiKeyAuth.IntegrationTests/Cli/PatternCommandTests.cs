using System.Text.RegularExpressions;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests <c>patterns</c>: the rules find every key, in an engine without look-around like RE2.</summary>
internal sealed class PatternCommandTests
{
    private static readonly ApiKeyFormat Format = new() { Prefix = "acme", Environments = ["prod", "test"] };
    private ToolHost _tool = null!;

    [SetUp]
    public void Create()
    {
        _tool = new ToolHost();
        File.WriteAllText(
            _tool.PathOf("appsettings.json"),
            """{ "ApiKeyAuth": { "Format": { "Prefix": "acme", "Environments": [ "prod", "test" ] } } }""");
    }

    [TearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    public async Task Gitleaks_Rule_IsWritten() =>
        Assert.That((await _tool.RunAsync("patterns", "gitleaks")).AssertSucceeded().Output, Is.EqualTo($$"""
            title = "API keys"

            [extend]
            useDefault = true

            [[rules]]
            id = "apikeyauth-key"
            description = "API key {{Format}}"
            regex = '''\b(acme_(?:prod|test)_[0-9A-Za-z]{49})\b'''
            secretGroup = 1
            keywords = ["acme_prod_", "acme_test_"]

            """));

    [Test]
    public async Task Trufflehog_Detector_IsWritten() =>
        Assert.That((await _tool.RunAsync("patterns", "trufflehog")).AssertSucceeded().Output, Is.EqualTo("""
            detectors:
              - name: apikeyauth-key
                keywords:
                  - 'acme_prod_'
                  - 'acme_test_'
                regex:
                  token: '\b(acme_(?:prod|test)_[0-9A-Za-z]{49})\b'

            """));

    [Test]
    public async Task GitHub_Fields_AreWritten() =>
        Assert.That((await _tool.RunAsync("patterns", "github")).AssertSucceeded().Output, Is.EqualTo($$"""
            Pattern name: API key {{Format}}
            Secret format: acme_(?:prod|test)_[0-9A-Za-z]{49}
            Before secret: \A|[^0-9A-Za-z_]
            After secret: \z|[^0-9A-Za-z_]

            """));

    [TestCase("gitleaks", "regex = '''(.*)'''")]
    [TestCase("trufflehog", "token: '(.*)'")]
    public async Task Pattern_ThousandKeys_AreAllFound(string scanner, string field)
    {
        var written = (await _tool.RunAsync("patterns", scanner)).AssertSucceeded().Output;
        var pattern = new Regex(Regex.Match(written, field).Groups[1].Value, RegexOptions.NonBacktracking);

        for (var index = 0; index < 1_000; index++)
        {
            var key = Format.Generate(index % 2 == 0 ? "prod" : "test");
            Assert.That(pattern.Match($"key=\"{key}\",").Groups[1].Value, Is.EqualTo(key));
        }
    }

    [Test, Category("Long")]
    public async Task Gitleaks_RuleInRe2_FindsEveryKeyAndNoShorterOne()
    {
        var written = (await _tool.RunAsync("patterns", "gitleaks")).AssertSucceeded().Output;
        using var folder = await NpmFolder.InstallAsync("re2-wasm@1.0.2");
        await folder.WriteAsync("pattern.txt", Regex.Match(written, "regex = '''(.*)'''").Groups[1].Value);
        var keys = Enumerable.Range(0, 1_000).Select(_ => Format.Generate("prod")).ToArray();
        await folder.WriteAsync("keys.txt", string.Join('\n', keys.Concat(keys.Select(key => key[..^1]))));
        await folder.WriteAsync("find.js", """
            const { RE2 } = require('re2-wasm');
            const { readFileSync } = require('fs');
            const pattern = new RE2(readFileSync('pattern.txt', 'utf8'), 'u');
            console.log(readFileSync('keys.txt', 'utf8').split('\n').filter(key => pattern.exec(`"${key}"`)?.[1] === key).length);
            """);

        var (exitCode, output) = await RunningProcess.RunAsync("node", ["find.js"], folder.Location);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Is.EqualTo("1000"));
    }
}
