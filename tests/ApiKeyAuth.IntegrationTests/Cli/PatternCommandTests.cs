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

    [Test]
    public async Task Gitleaks_AcceptedFormats_HaveRulesIfTheyHaveAPrefix()
    {
        await _tool.WriteAcceptedFormatsAsync();

        var written = (await _tool.RunAsync("patterns", "gitleaks")).AssertSucceeded().Output;

        Assert.That(written, Does.EndWith("""

            [[rules]]
            id = "apikeyauth-key-2"
            description = "API key sk-{20-40 base64url}"
            regex = '''\b(sk-[0-9A-Za-z_=-]{20,40})'''
            secretGroup = 1
            keywords = ["sk-"]

            """));
        Assert.That(Regex.Count(written, "secretGroup"), Is.EqualTo(2), "a key without a prefix looks like other text");
    }

    [Test]
    public async Task Others_AcceptedFormats_HaveRulesIfTheyHaveAPrefix()
    {
        await _tool.WriteAcceptedFormatsAsync();

        Assert.That((await _tool.RunAsync("patterns", "trufflehog")).AssertSucceeded().Output, Does.EndWith("""
              - name: apikeyauth-key-2
                keywords:
                  - 'sk-'
                regex:
                  token: '\b(sk-[0-9A-Za-z_=-]{20,40})'

            """));
        Assert.That((await _tool.RunAsync("patterns", "github")).AssertSucceeded().Output, Does.EndWith("""

            Pattern name: API key sk-{20-40 base64url}
            Secret format: sk-[0-9A-Za-z_=-]{20,40}
            Before secret: \A|[^0-9A-Za-z_]
            After secret: \z|[^0-9A-Za-z_]

            """));
    }

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
        var folder = await NpmFolder.InstalledAsync();
        var pattern = await folder.WriteAsync(".txt", Regex.Match(written, "regex = '''(.*)'''").Groups[1].Value);
        var keys = Enumerable.Range(0, 1_000).Select(_ => Format.Generate("prod")).ToArray();
        var texts = await folder.WriteAsync(".txt", string.Join('\n', keys.Concat(keys.Select(key => key[..^1]))));
        var script = await folder.WriteAsync(".cjs", """
            const { RE2 } = require('re2-wasm');
            const { readFileSync } = require('fs');
            const pattern = new RE2(readFileSync(process.argv[2], 'utf8'), 'u');
            console.log(readFileSync(process.argv[3], 'utf8').split('\n').filter(key => pattern.exec(`"${key}"`)?.[1] === key).length);
            """);

        var (exitCode, output) = await RunningProcess.RunAsync("node", [script, pattern, texts], folder.Location);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Is.EqualTo("1000"));
    }
}
