using System.Net;
using ApiKeyAuth.IntegrationTests.Samples;

namespace ApiKeyAuth.IntegrationTests.Cli.Imports;

/// <summary>Imports the file of each system into the database of a running Quickstart, and calls it with the keys.</summary>
internal sealed class ImportedKeyTests
{
    private RunningSample _quickstart = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _quickstart = await RunningSample.StartAsync("Quickstart", ImportFixture.Variables);

    [OneTimeTearDown]
    public async Task StopAsync() => await _quickstart.DisposeAsync();

    [TestCase("unkey", "unkey.json", "uk_lhQCvpm8FOFlEsD4qmq5ShuH")]
    [TestCase("better-auth", "better-auth.json", "ba_nTtqavzoXUzIwLKHrrMTtJhsEKGjFRYOYkmnPRZBiAGEKgTmLqIvYZQIEfFjEjFf")]
    [TestCase(
        "zuplo",
        "zuplo.json",
        "zpka_72b6c042fcc5cd48cb4aa94d0d45d0e3_08dcffd4",
        "zpka_755b9f12b5468257493b2ba28b5cdd08_d18c8269")]
    [TestCase("kong", "kong.yaml", "kxiSRPCfgW1u1RqX1JXDHKfoTe3D4X8u", "kWUfox3I7OFHX6GXy2zRtDWbGP771mQn")]
    [TestCase("tyk", "tyk.json", "02cb208674a047e80d58d4f78f1b1e9906605976d250e7e2ff66ea8d")]
    [TestCase("aws", "aws.csv", "timy1OvV7SRJIq5xncQPVeN76jzefF9qw9nEe4e3", "xjvvaBwmc7sn0p8lNjw0")]
    [TestCase("azure", "azure.json", "6014a4175a9aaa89b7fbddb38e46fb7e", "96f489cb8f9690c7c13b1cd2dbfb6d9c")]
    [TestCase("nginx", "nginx.conf", "K5pTZWHfoeWWLGBvZqBwRuI4xKwTLQls", "lcubT2myXpuJ8FgE2t0u1jOfto9ro4SA")]
    [TestCase("envoy", "envoy.yaml", "iy1HhKi1GNn9AzoviQL5yBdIy3nF5Su6", "DRNDdAfcHMqkdRV7VrN4iP0vOhbR0dbh")]
    [TestCase("litellm", "litellm.json", "sk-tvr9tD9Ij4vz0sVfeoHNA4")]
    [TestCase("csv", "keys.csv", "eiq9QHupJcbG72XMWCOhyv1eGBQhrOlR", "TduYcItnAlmZi8TEDNGpTdjHwxr9SGlN")]
    [TestCase("json", "keys.json", "y9CHnxpPvMEUywF1pBIyXjEbxk0JOnFD", "tB9phY7tT6acYSfEpNBfRyGxcJ8T98Ws")]
    public async Task Import_FileOfASystem_ItsKeysAreAcceptedAndOthersAreNot(string source, string file, params string[] keys)
    {
        using var tool = new ToolHost();
        await ImportFixture.WriteSettingsAsync(tool);
        tool.Variables["APIKEYAUTH_CONNECTION"] = _quickstart.Environment["ConnectionStrings__ApiKeys"];
        string[] import =
        [
            "keys", "import", ImportFixture.PathOf(file), "--from", source, "--map-scope", "readers=demo:read",
            "--map-scope", "admins=demo:write",
        ];

        (await tool.RunAsync(import)).AssertSucceeded();

        foreach (var key in keys)
        {
            Assert.That((await CallAsync(key)).Code, Is.EqualTo(HttpStatusCode.OK), key);
            foreach (var wrong in new[] { key[..^1] + (key[^1] == '0' ? '1' : '0'), key[..^1], key + "0" })
            {
                Assert.That((await CallAsync(wrong)).Code, Is.EqualTo(HttpStatusCode.Unauthorized), wrong);
            }
        }

        // The second run finds all keys.
        var again = (await tool.RunAsync(import)).AssertSucceeded();
        Assert.That(again.Error, Does.StartWith("Imported 0 key(s) to SQLite ").And.Contain(" are there already."));
    }

    [Test]
    public async Task Import_DisabledKey_StaysDisabled()
    {
        using var tool = new ToolHost();
        await ImportFixture.WriteSettingsAsync(tool);
        tool.Variables["APIKEYAUTH_CONNECTION"] = _quickstart.Environment["ConnectionStrings__ApiKeys"];
        (await tool.RunAsync("keys", "import", ImportFixture.PathOf("unkey.json"), "--from", "unkey")).AssertSucceeded();

        Assert.That((await CallAsync("uk_RWYl398ZpkpmVxKGmZR53W1F")).Code, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private Task<SampleAnswer> CallAsync(string key) => _quickstart.GetAsync("/protected", $"X-API-Key: {key}");
}
