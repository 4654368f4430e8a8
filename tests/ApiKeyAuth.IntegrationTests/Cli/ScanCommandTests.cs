using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.Scanning;
using ApiKeyAuth.IntegrationTests.Processes;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;
using ApiKeyAuth.Management;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests <c>scan</c>: keys in files, logs and the history of git.</summary>
internal sealed class ScanCommandTests
{
    private static readonly ApiKeyFormat Format = new();
    private ToolHost _tool = null!;

    [SetUp]
    public void Create() => _tool = new ToolHost();

    [TearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    public async Task Scan_FolderWithKeys_WritesTheirPlacesAndNotTheKeys()
    {
        var (first, second) = (Format.Generate("live"), Format.Generate("test"));
        Directory.CreateDirectory(_tool.PathOf("src", "deep"));
        await File.WriteAllTextAsync(_tool.PathOf("src", "a.txt"), $"one\n  key = \"{first}\";\nno{second}more {first}\n");
        await File.WriteAllTextAsync(_tool.PathOf("src", "deep", "b.txt"), second);
        await File.WriteAllTextAsync(_tool.PathOf("src", "clean.txt"), $"{first[..^1]}! key_live_{new string('a', 49)}");

        var result = await _tool.RunAsync("scan", "src");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Is.EqualTo(
            $"src/a.txt\t2\t10\tkey_live_***{first[^4..]}\t\t\t\n"
            + $"src/a.txt\t3\t3\tkey_test_***{second[^4..]}\t\t\t\n"
            + $"src/a.txt\t3\t{3 + second.Length + 5}\tkey_live_***{first[^4..]}\t\t\t\n"
            + $"src/deep/b.txt\t1\t1\tkey_test_***{second[^4..]}\t\t\t\n"));
        Assert.That(result.Error, Is.EqualTo("warning: 4 key(s) found. Revoke them, and read the new ones from a secret store.\n"));
        (await _tool.RunAsync("scan", "src/clean.txt")).AssertSucceeded();
        (await _tool.RunAsync("scan", "none")).AssertFailed(1, "The path none does not exist. Correct it.");
    }

    [TestCase(-30)]
    [TestCase(0)]
    [TestCase(1)]
    public async Task Scan_KeyAtTheEndOfAPart_IsFoundOnce(int offset)
    {
        var key = Format.Generate("live");
        var before = new string('\n', (4 * 1024 * 1024) + offset - 59);
        await File.WriteAllTextAsync(_tool.PathOf("long.txt"), $"{before}{key}\n{new string('x', 5_000_000)}\n{key}");

        var result = await _tool.RunAsync("scan", "long.txt", "--json", "line,column");

        Assert.That(result.Output, Is.EqualTo(
            $$"""[{"line":{{before.Length + 1}},"column":1},{"line":{{before.Length + 3}},"column":1}]""" + "\n"));
    }

    [Test]
    public async Task Scan_WithAStore_ShowsTheStatusOfEachKey()
    {
        await using var database = await KeysDatabase.CreateSqliteAsync();
        var active = await database.IssueAsync(new NewApiKey { Name = "Active" });
        var revoked = await database.IssueAsync(new NewApiKey { Name = "Revoked" });
        (await _tool.RunAsync("keys", "revoke", revoked.Key.Id, "--yes", "-c", database.ConnectionString)).AssertSucceeded();
        await File.WriteAllTextAsync(_tool.PathOf("a.txt"), $"{active.Secret}\n{revoked.Secret}\n{Format.Generate("live")}\n");

        var result = await _tool.RunAsync("scan", "a.txt", "-c", database.ConnectionString, "--json", "status,keyId");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Is.EqualTo(
            $$"""[{"status":"active","keyId":"{{active.Key.Id}}"},{"status":"revoked","keyId":"{{revoked.Key.Id}}"},"""
            + """{"status":"unknown","keyId":null}]""" + "\n"));
    }

    [Test]
    public async Task Scan_Sarif_HasOneResultForEachKey()
    {
        var key = Format.Generate("live");
        await File.WriteAllTextAsync(_tool.PathOf("a b.txt"), $"\n{key}");

        Assert.That((await _tool.RunAsync("scan", "a b.txt", "--sarif", "keys.sarif")).ExitCode, Is.EqualTo(1));

        var text = await File.ReadAllTextAsync(_tool.PathOf("keys.sarif"));
        var sarif = JsonNode.Parse(text)!;
        var result = sarif["runs"]![0]!["results"]!.AsArray().Single()!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Not.Contain(key));
            Assert.That((string?)sarif["version"], Is.EqualTo("2.1.0"));
            Assert.That((string?)result["level"], Is.EqualTo("error"));
            Assert.That((string?)result["message"]!["text"], Is.EqualTo($"The API key key_live_***{key[^4..]}."));
            Assert.That(result["locations"]![0]!["physicalLocation"]!.ToJsonString(), Is.EqualTo(
                """{"artifactLocation":{"uri":"a%20b.txt"},"region":{"startLine":2,"startColumn":1}}"""));
        }
    }

    [Test]
    public async Task Scan_CompressedLog_IsReadWithTheOption()
    {
        await using (var file = new GZipStream(File.Create(_tool.PathOf("app.log.gz")), CompressionLevel.Fastest))
        {
            await file.WriteAsync(Encoding.ASCII.GetBytes($"GET /?api_key={Format.Generate("live")}\n"));
        }

        (await _tool.RunAsync("scan", ".")).AssertSucceeded();
        Assert.That((await _tool.RunAsync("scan", ".", "--logs", "--json", "path,line")).Output, Is.EqualTo(
            """[{"path":"app.log.gz","line":1}]""" + "\n"));
    }

    [Test]
    public async Task Scan_Git_FindsAKeyThatALaterCommitRemoved()
    {
        Installed.Find("git", "git");
        var key = Format.Generate("live");
        await GitAsync("init", "-q");
        await CommitAsync("one\n");
        await CommitAsync($"one\n\"{key}\"\n");
        var added = (await GitAsync("rev-parse", "HEAD")).Trim();
        await CommitAsync("one\n");

        (await _tool.RunAsync("scan", ".")).AssertSucceeded();
        var result = await _tool.RunAsync("scan", ".", "--git", "--json", "path,line,column,commit");

        Assert.That(result.ExitCode, Is.EqualTo(1), result.Error);
        Assert.That(result.Output, Is.EqualTo(
            $$"""[{"path":"app.txt","line":2,"column":2,"commit":"{{added}}"}]""" + "\n"));
    }

    [Test]
    public async Task Scan_GitOutsideARepository_IsOneLine()
    {
        Installed.Find("git", "git");

        var result = await _tool.RunAsync("scan", ".", "--git");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Match(@"^error: git cannot read the history of \. \(.*\)\. Pass the folder of a repository\.\n$"));
    }

    [Test]
    public void Find_MillionLookAlikes_FindsOnlyTheKeys()
    {
        var text = new StringBuilder();
        var key = Format.Generate("live");
        for (var index = 0; index < 1_000_000; index++)
        {
            // Of the right length and characters, but with another body than the checksum is for.
            text.Append(key.AsSpan(0, 12)).Append(index.ToString("x6", null)).Append(key.AsSpan(18)).Append('\n');
        }

        text.Append(key);
        var hits = new KeyScanner(new ApiKeyFormats(Format)).Find(Encoding.ASCII.GetBytes(text.ToString()), isStart: true, isEnd: true);

        Assert.That(hits.Select(hit => hit.Secret).Distinct(), Is.EqualTo(new[] { key }));
    }

    [Test]
    public void Find_FormatWithoutChecksum_FindsWholeWordsOnly()
    {
        var format = new ApiKeyFormat { Prefix = "sk", Environments = [], Checksum = false };
        var key = format.Generate(null);
        var scanner = new KeyScanner(new ApiKeyFormats(format));

        Assert.That(Find($"={key};").Select(hit => hit.Secret), Is.EqualTo(new[] { key }));
        Assert.That(Find($"{key}x"), Is.Empty);
        Assert.That(Find($"x{key}"), Is.Empty);

        List<KeyHit> Find(string text) => scanner.Find(Encoding.ASCII.GetBytes(text), isStart: true, isEnd: true);
    }

    [TestCase("=sk-aaaaaaaaaaaaaaaaaaaa;", "sk-aaaaaaaaaaaaaaaaaaaa", TestName = "Find_ExternalKey_Shortest")]
    [TestCase(
        "sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_-bbbbbbbb", "sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_-bbbbbbbb",
        TestName = "Find_ExternalKey_Longest")]
    [TestCase("'sk-aaaaaaaaaaaaaaaaaaaaaa=='", "sk-aaaaaaaaaaaaaaaaaaaaaa==", TestName = "Find_ExternalKey_Padded")]
    [TestCase("sk-aaaaaaaaaaaaaaaaaaaaaaa== ", "sk-aaaaaaaaaaaaaaaaaaaaaaa=", TestName = "Find_ExternalKey_PaddingTooLong")]
    [TestCase("sk-aaaaaaaaaaaaaaaaaaa", null, TestName = "Find_ExternalKey_TooShort")]
    [TestCase("sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", null, TestName = "Find_ExternalKey_TooLong")]
    [TestCase("task-aaaaaaaaaaaaaaaaaaaa", null, TestName = "Find_ExternalKey_PartOfAWord")]
    public void Find_ExternalKey(string text, string? key)
    {
        var format = new ExternalApiKeyFormat { Prefix = "sk-", Alphabet = ApiKeyAlphabet.Base64Url, MinLength = 20, MaxLength = 40 };

        Assert.That(FindSecrets(text, format), Is.EqualTo(key is null ? [] : new[] { key }));
    }

    [Test]
    public void Find_ExternalKeyOfOtherShapes_IsFoundIfItHasAPrefix()
    {
        var parts = new ExternalApiKeyFormat { Prefix = "@", Alphabet = ApiKeyAlphabet.Base62, Separator = '|', Length = 20 };
        var guid = new ExternalApiKeyFormat { Prefix = "app:", Alphabet = ApiKeyAlphabet.Guid };
        var bare = new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Hex, Length = 32 };
        var text = "x@12|aaaaaaaaaaaaaaaaa|b app:0190f5e2-7b1c-7d3e-8f4a-5b6c7d8e9f00 0123456789abcdef0123456789abcdef";

        Assert.That(
            FindSecrets(text, parts, guid, bare),
            Is.EqualTo(new[] { "@12|aaaaaaaaaaaaaaaaa", "app:0190f5e2-7b1c-7d3e-8f4a-5b6c7d8e9f00" }));
    }

    [Test]
    public async Task Scan_ExternalKeyAtTheEndOfAPart_IsFoundWhole()
    {
        await _tool.WriteAcceptedFormatsAsync();
        var key = "sk-" + new string('a', 20) + "-" + new string('b', 19);
        await File.WriteAllTextAsync(_tool.PathOf("long.txt"), new string('\n', (4 * 1024 * 1024) - 24) + key + "\n");

        var result = await _tool.RunAsync("scan", "long.txt", "--json", "column,key");

        Assert.That(result.ExitCode, Is.EqualTo(1), result.Error);
        Assert.That(result.Output, Is.EqualTo("""[{"column":1,"key":"sk-***bbbb"}]""" + "\n"));
    }

    private static string[] FindSecrets(string text, params AcceptedApiKeyFormat[] accepted) =>
    [
        .. new KeyScanner(new ApiKeyFormats(Format, accepted)).Find(Encoding.ASCII.GetBytes(text), isStart: true, isEnd: true)
            .Select(hit => hit.Secret),
    ];

    private async Task CommitAsync(string text)
    {
        await File.WriteAllTextAsync(_tool.PathOf("app.txt"), text);
        await GitAsync("add", "app.txt");
        await GitAsync("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "Change", "--no-gpg-sign");
    }

    private async Task<string> GitAsync(params string[] arguments)
    {
        var (exitCode, output) = await RunningProcess.RunAsync("git", arguments, _tool.Folder);
        Assert.That(exitCode, Is.Zero, output);
        return output;
    }
}
