using System.Security.Cryptography;
using System.Text;

namespace ApiKeyAuth.IntegrationTests.Cli.Imports;

/// <summary>Tests files with faults: each is one line or one row, nothing is stored, and no secret is shown.</summary>
internal sealed class ImportFaultTests
{
    // Synthetic keys of the accepted format without a prefix.
    private const string First = "FirstKeyFirstKeyFirstKey01";
    private const string Second = "SecondKeySecondKeySecond02";

    private ToolHost _tool = null!;
    private KeysDatabase _database = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _tool = new ToolHost();
        await ImportFixture.WriteSettingsAsync(_tool);
        _database = await KeysDatabase.CreateSqliteAsync();
        _tool.Variables["APIKEYAUTH_CONNECTION"] = _database.ConnectionString;
    }

    [TearDown]
    public async Task DeleteAsync()
    {
        await _database.DisposeAsync();
        _tool.Dispose();
    }

    [TestCase("name,key,expiresAt\nBo,{1},2020-01-31", "has expired; remove it from the file, or pass --allow-expired")]
    [TestCase("name,key,scopes\nBo,{1},demo:nothing", "scopes contains unknown scopes: demo:nothing")]
    [TestCase("name,key\nBo,{0}", "has the same secret as line 2")]
    [TestCase("name,key,hash\nBo,,{2}", "has the same secret as line 2")]
    [TestCase("name,key,id\nBo,{1},k1", "has the same ID as line 2")]
    [TestCase("name,key\nBo,{1}!", "is a key that no format of the app accepts; describe it in AcceptedFormats, and pass --settings")]
    [TestCase("name,key\nBo,", "has neither a key nor a hash")]
    [TestCase("name,hash\nBo,abcd", "hash must be the SHA-256 of the whole key as 64 hexadecimal digits, Base64 or Base64url")]
    [TestCase("name,hash\nBo,hmac-sha256:p1:{2}", "hash was made with a pepper or an algorithm that the app does not have, so the key "
        + "would never be found")]
    [TestCase("name,key,hash\nBo,{1},{2}", "has a key and a hash; remove one of them")]
    [TestCase("name,key\n\"\",{1}", "name is required")]
    [TestCase("name,key,rateLimits\nBo,{1},often", "rateLimits must be limits such as 60/minute, separated by semicolons")]
    [TestCase("name,key,networks\nBo,{1},10.0.0.1/8", "networks must be networks such as 203.0.113.0/24, with no bits after the prefix")]
    [TestCase("name,key,enabled\nBo,{1},maybe", "enabled must be true or false")]
    [TestCase("name,key,environment\nBo,{1},nowhere", "environment must be one of")]
    [TestCase("name,key,metadata\nBo,{1},text", "metadata must be a JSON object")]
    public async Task Import_FaultyRecord_IsARowAndNothingIsStored(string rows, string reason)
    {
        var lines = string.Format(System.Globalization.CultureInfo.InvariantCulture, rows, First, Second, Hash(First)).Split('\n');
        var columns = lines[0].Split(',');
        var good = string.Join(',', columns.Select(column => column switch { "name" => "Ada", "key" => First, "id" => "k1", _ => "" }));
        if (!columns.Contains("key"))
        {
            (lines[0], good, lines[1]) = ($"{lines[0]},key", $"{good},{First}", $"{lines[1]},");
        }

        await WriteAsync("keys.csv", $"{lines[0]}\n{good}\n{lines[1]}\n");

        var result = await ImportAsync("keys.csv", "csv");

        Assert.That(result.ExitCode, Is.EqualTo(1), result.Error);
        Assert.That(result.Output, Does.StartWith("line 3\t").And.Contain(reason));
        Assert.That(result.Lines, Has.Length.EqualTo(1));
        Assert.That(result.Error, Is.EqualTo(
            "error: 1 of 2 keys are faulty, so nothing was imported. Correct them, or pass --partial.\n"));
        AssertNoSecret(result);
        Assert.That(await CountAsync(), Is.Zero);

        var partial = await ImportAsync("keys.csv", "csv", "--partial");
        Assert.That(partial.ExitCode, Is.EqualTo(1));
        Assert.That(partial.Error, Does.StartWith("Imported 1 key(s) to SQLite ").And.EndWith(
            "error: 1 of 2 keys were not imported. Correct them.\n"));
        Assert.That(await CountAsync(), Is.EqualTo(1));
    }

    [TestCase(
        "keys.csv",
        "csv",
        "naem,key\nAda,{0}\n",
        "The file keys.csv has no column 'name'. Add it to the header, or choose another --from.")]
    [TestCase("keys.csv", "csv", "name,kye\nAda,{0}\n", "The file keys.csv has the unknown column 'kye'. Did you mean 'key'? Columns are ")]
    [TestCase(
        "keys.csv",
        "csv",
        "name,name,key\nAda,Bo,{0}\n",
        "The file keys.csv has a column twice. Remove one of them from the header.")]
    [TestCase("keys.csv", "csv", "name,key\nAda,{0},more\n", "Line 2 of keys.csv has more fields than the header. ")]
    [TestCase("keys.csv", "csv", "name,key\nAda,\"{0}\n", "The file keys.csv is not valid CSV after line ")]
    [TestCase("keys.csv", "csv", "", "The file keys.csv has no column 'name'. ")]
    [TestCase("aws.csv", "aws", "name,value\nAda,{0}\n", "The file aws.csv has no column 'key'. ")]
    [TestCase(
        "keys.json",
        "json",
        "[{{\"name\":\"Ada\",\"key\":\"{0}\"",
        "The file keys.json is not valid JSON (line 1). Correct it, or choose another --from.")]
    [TestCase("keys.json", "json", "[{{\"key\":\"{0}\",\"key\":\"{0}\"}}]", "The file keys.json is not valid JSON. ")]
    [TestCase(
        "keys.json",
        "json",
        "{{\"name\":\"{0}\"}}",
        "The file keys.json is not what --from names: expected an array, or an object with the array 'keys'. ")]
    [TestCase(
        "tyk.json",
        "tyk",
        "[\"{0}\"]",
        "The file tyk.json is not what --from names: expected an object with a session object for each key. ")]
    [TestCase("kong.yaml", "kong", "consumers: [{{ key: {0}", "The file kong.yaml is not valid YAML (line ")]
    [TestCase("kong.yaml", "kong", "services: []", "The file kong.yaml is not what --from names: expected a decK file with 'consumers'. ")]
    [TestCase(
        "envoy.yaml",
        "envoy",
        "a: {0}",
        "The file envoy.yaml is not what --from names: expected the list 'credentials' of api_key_auth. ")]
    [TestCase("map.conf", "nginx", "map $a $b {{ \"{0}", "The file map.conf is not valid nginx configuration (line 1). ")]
    [TestCase(
        "map.conf",
        "nginx",
        "# {0}\n",
        "The file map.conf is not what --from names: expected a block 'map $http_apikey $client { … }'. ")]
    public async Task Import_UnreadableFile_IsOneLine(string file, string source, string text, string message)
    {
        await WriteAsync(file, string.Format(System.Globalization.CultureInfo.InvariantCulture, text, First));

        var result = await ImportAsync(file, source);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.StartWith($"error: {message}"));
        Assert.That(result.Error.TrimEnd('\n'), Does.Not.Contain("\n").And.EndsWith("."));
        AssertNoSecret(result);
        Assert.That(await CountAsync(), Is.Zero);
    }

    [TestCase("csv", "name,key\n", "The file long.txt is not valid CSV after line ")]
    [TestCase("aws", "", "The file long.txt is not valid CSV after line ")]
    [TestCase("json", "", "The file long.txt is not valid JSON (line 1). ")]
    public async Task Import_LineOf10Megabytes_IsOneShortLine(string source, string start, string message)
    {
        await WriteAsync("long.txt", start + new string('x', 10 << 20));

        var result = await ImportAsync("long.txt", source);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.StartWith($"error: {message}"));
        Assert.That(result.Error, Has.Length.LessThan(300));
    }

    [Test]
    public async Task Import_NameOf10Megabytes_IsOneShortRow()
    {
        await WriteAsync("keys.json", $$"""[{"name":"{{new string('x', 10 << 20)}}","key":"{{First}}"}]""");

        var result = await ImportAsync("keys.json", "json");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.Contain("name must be at most 200 characters long"));
        Assert.That(result.Output, Has.Length.LessThan(300));
    }

    [Test]
    public async Task Import_NotUtf8OrMissing_IsOneLine()
    {
        await File.WriteAllBytesAsync(_tool.PathOf("keys.json"), [.. "[{\"name\":\""u8, 0xE4, .. "\"}]"u8]);
        await File.WriteAllBytesAsync(_tool.PathOf("keys.csv"), [.. "name,key\nM"u8, 0xE4, .. "x,y\n"u8]);

        (await ImportAsync("keys.json", "json")).AssertFailed(
            1, "The file keys.json is not text in UTF-8. Convert it, or choose the right file.");
        (await ImportAsync("keys.csv", "csv")).AssertFailed(
            1, "The file keys.csv is not text in UTF-8. Convert it, or choose the right file.");
        (await ImportAsync("none.json", "json")).AssertFailed(1, "The file none.json does not exist. Correct the path.");
    }

    [Test]
    public async Task Import_WrongCommandLine_IsOneLine()
    {
        var source = await ImportAsync("keys.json", "konk");
        Assert.That(source.ExitCode, Is.EqualTo(2));
        Assert.That(source.Error, Does.Contain("konk").And.Contain("kong").And.EndWith("See 'apikeyauth keys import --help'.\n"));
        (await ImportAsync("keys.json", "json", "--map-scope", "admins")).AssertFailed(
            2, "--map-scope must be a scope of the file, '=', and a scope of the app or nothing.");
        (await ImportAsync("keys.json", "json", "--connection", "none.db")).AssertFailed(
            1, "The database file none.db does not exist. Start the app once, or correct the path.");
    }

    [Test]
    public async Task Import_DryRun_StoresNothing()
    {
        var file = ImportFixture.PathOf("kong.yaml");
        var result = (await ImportAsync(
            file, "kong", "--map-scope", "readers=demo:read", "--map-scope", "admins=", "--dry-run")).AssertSucceeded();

        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Error, Does.Match("^Would import 2 key\\(s\\) to SQLite .*\\. Nothing was changed\\.\n$"));
        Assert.That(await CountAsync(), Is.Zero);
    }

    [Test]
    public async Task Import_SecretOfAnotherKey_IsFaulty()
    {
        await WriteAsync("keys.csv", $"name,key\nAda,{First}\n");
        (await ImportAsync("keys.csv", "csv")).AssertSucceeded();
        await WriteAsync("keys.csv", $"name,key\nEve,{First}\n");

        var result = await ImportAsync("keys.csv", "csv", "--json", "record,name,outcome,reason");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.Match(
            """^\[\{"record":"line 2","name":"Eve","outcome":"faulty","reason":"has the secret of the key key_\w+, """
            + "whose ID, name, owner or tenant differ\"\\}\\]\n$"));
    }

    [Test]
    public async Task Import_RevokedOrWithoutKeys_IsLeftOut()
    {
        await WriteAsync(
            "keys.json", $$"""[{"name":"Past","hash":"{{Hash(First)}}","status":"revoked"},{"name":"Bo","key":"{{Second}}"}]""");

        var result = (await ImportAsync("keys.json", "json")).AssertSucceeded();

        Assert.That(result.Output, Is.EqualTo("record 1\tPast\tis revoked\n"));
        Assert.That(result.Error, Does.StartWith("Imported 1 key(s) to SQLite ").And.EndWith(" 1 are left out.\n"));
        Assert.That(await CountAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task Import_KeyInTheNameColumn_IsNotShown()
    {
        await WriteAsync("keys.csv", "name,key\nsk-tvr9tD9Ij4vz0sVfeoHNA4,none\n");

        var result = await ImportAsync("keys.csv", "csv");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.Not.Contain("tvr9tD9"));
    }

    [Test]
    public async Task Import_FromTheStandardInput_Works()
    {
        (await _tool.RunWithInputAsync($"name,key\nAda,{First}\n", "keys", "import", "-", "--from", "csv")).AssertSucceeded();
        (await _tool.RunWithInputAsync(First, "keys", "verify")).AssertSucceeded();
    }

    [Test]
    public async Task Import_OnATerminal_ShowsATableAndProgress()
    {
        using var tool = new ToolHost { IsTerminal = true };
        await ImportFixture.WriteSettingsAsync(tool);
        tool.Variables["APIKEYAUTH_CONNECTION"] = _database.ConnectionString;
        await File.WriteAllTextAsync(tool.PathOf("keys.csv"), $"name,key\nAda,{First}\nBo,none\n");

        var result = await tool.RunAsync("keys", "import", "keys.csv", "--from", "csv", "--partial");

        Assert.That(result.Output, Does.Contain("Record").And.Contain("line 3"));
        Assert.That(result.Error, Does.Contain("Importing").And.Contain("100%"));
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key)));

    private static void AssertNoSecret(ToolResult result)
    {
        foreach (var secret in new[] { First, Second, Hash(First) })
        {
            Assert.That(result.Output + result.Error, Does.Not.Contain(secret));
        }
    }

    private Task WriteAsync(string file, string text) => File.WriteAllTextAsync(_tool.PathOf(file), text);

    private Task<ToolResult> ImportAsync(string file, string source, params string[] options) =>
        _tool.RunAsync(["keys", "import", file, "--from", source, .. options]);

    private async Task<int> CountAsync() => (await _tool.RunAsync("keys", "list")).AssertSucceeded().Lines.Length;
}
