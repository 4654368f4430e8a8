using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores.Configured;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Configuration;

/// <summary>Tests keys that are written by ID, which are merged by name across configuration providers.</summary>
public sealed class KeysByIdTests
{
    private readonly LayeredSettings _settings = new();

    [TearDown]
    public void Delete() => _settings.Dispose();

    [Test]
    public async Task Read_KeysByIdInOneFile_ReturnsThem()
    {
        var keys = await ReadAsync(layers => _settings.AddFiles(
            layers, "{'Keys':{'billing':{'Hash':'@a','Scopes':['x','y'],'TenantId':'t'},'Ops-2':{'Id':'Ops-2','Hashes':['@b','@c']}}}"));
        Assert.That((keys[0]!.Id, keys[0]!.TenantId), Is.EqualTo(("billing", "t")));
        Assert.That(keys[0]!.Scopes, Is.EqualTo(new[] { "x", "y" }));
        Assert.That(keys[1]!.Id, Is.EqualTo("Ops-2"));
        Assert.That(keys[2], Is.SameAs(keys[1]));
    }

    [Test]
    public async Task Read_KeysByIdInSeveralLayers_MergesThemByName()
    {
        var keys = await ReadAsync(layers => _settings.AddEnvironment(
            _settings.AddFiles(
                layers,
                "{'Keys':{'ops':{'Hash':'@a','Scopes':['*'],'TenantId':'t'},'partner':{'Hash':'@b','Name':'n','Networks':['10.0.0.0/8']}}}",
                "{'Keys':{'partner':{'Name':'new','Scopes':['x']}}}"),
            ("Keys__partner__Enabled", "false")));
        Assert.That((keys[0]!.Id, keys[0]!.TenantId, keys[0]!.Enabled), Is.EqualTo(("ops", "t", true)));
        Assert.That(keys[0]!.Scopes, Is.EqualTo(new[] { "*" }));
        Assert.That((keys[1]!.Id, keys[1]!.Name, keys[1]!.Enabled), Is.EqualTo(("partner", "new", false)));
        Assert.That(keys[1]!.TenantId, Is.Null);
        Assert.That(keys[1]!.Scopes, Is.EqualTo(new[] { "x" }));
        Assert.That(keys[1]!.Networks, Has.One.Items);
    }

    [Test]
    public async Task Read_HashInALaterLayer_ReplacesTheEarlierOne()
    {
        var keys = await ReadAsync(layers => _settings.AddFiles(layers, "{'Keys':{'k':{'Hash':'@a'}}}", "{'Keys':{'k':{'Hash':'@b'}}}"));
        Assert.That(keys[0], Is.Null);
        Assert.That(keys[1]!.Id, Is.EqualTo("k"));
    }

    [TestCase("{'Keys':{'42':{'Hash':'@a'}}}", "Keys:42 does not follow an item 0, and an ID of digits cannot be the name")]
    [TestCase("{'Keys':{'42':{'Id':'42','Hash':'@a'}}}", "Keys:42 does not follow an item 0, and an ID of digits cannot be the name")]
    [TestCase("{'Keys':{'00':{'Id':'00','Hash':'@a'}}}", "Keys:00 does not follow an item 0, and an ID of digits cannot be the name")]
    [TestCase("{'Keys':{'0':{'Hash':'@a'}}}", "Keys:0:Id is missing")]
    [TestCase("{'Keys':{'0':{'Id':'0','Hash':'@a'},'k':{'Hash':'@b'}}}", "Keys mixes a list with keys by ID; write all keys in one form.")]
    [TestCase("{'Keys':{'k':{'Id':'other','Hash':'@a'}}}", "Keys:k:Id differs from the name of the section")]
    [TestCase("{'Keys':{'k':{'Id':'K','Hash':'@a'}}}", "Keys:k:Id differs from the name of the section")]
    [TestCase("{'Keys':{'k':{'Hash':'@a','Scope':['x']}}}", "Keys:k:Scope is not a setting")]
    [TestCase("{'Keys':{'k':{}}}", "Keys:k:Hash is missing")]
    [TestCase("{'Keys':{'k':'x'}}", "Keys:k is a single value")]
    [TestCase("{'Keys':{'k:x':{'Hash':'@a'}}}", "Keys:k")]
    public async Task Start_InvalidKeysInOneFile_Fails(string section, string problem)
    {
        var start = await LayeredSettings.StartAsync(layers => _settings.AddFiles(layers, section));
        Assert.That(start.Problems, Has.Some.StartsWith("ApiKeyAuth:" + problem));
    }

    [TestCase("{'Keys':{'k':{'Hash':'@a'}}}", "{'Keys':[{'Id':'l','Hash':'@b'}]}", "Keys mixes a list with keys by ID (in 2.json")]
    [TestCase("{'Keys':{'k':{'Hash':'@a'}}}", "{'Keys':{'K':{'Enabled':false}}}", "Keys:K and k differ only in case")]
    [TestCase("{'Keys':{'k':{'Hash':'@a'},'K':{'Name':'n'}}}", "{}", "Keys:K and k differ only in case")]
    [TestCase("{'Keys':{'k':{'Hash':'@a'}}}", "{'Keys':{'k':null}}", "Keys:k is empty in 2.json, which does not remove")]
    [TestCase("{'Keys':{'k':{'Hash':'@a'}}}", "{'Keys':null}", "Keys is empty in 2.json, which does not remove its members in 1.json; ")]
    [TestCase("{'Keys':{'k':{'Hash':'@a'}}}", "{'Keys':[]}", "Keys is empty in 2.json, which does not remove its members in 1.json; ")]
    [TestCase("{'Keys':{'k':{'Hash':'@a'}}}", "{'Keys':{'k':{'Hashes':['@b']}}}", "Keys:k has secrets in 1.json and 2.json, which")]
    [TestCase("{'Keys':{'k':{'Hash':'@a','Hashes':['@b']}}}", "{'Keys':{'k':{'Hash':'@c'}}}", "Keys:k has secrets in 1.json and 2.json")]
    public async Task Start_AmbiguousKeysInTwoFiles_Fails(string first, string second, string problem)
    {
        var start = await LayeredSettings.StartAsync(layers => _settings.AddFiles(layers, first, second));
        Assert.That(start.Problems, Has.One.Items.And.One.StartsWith("ApiKeyAuth:" + problem));
    }

    [Test]
    public async Task Start_SecretAsAnId_FailsWithoutTheSecret()
    {
        var secret = new ApiKeyFormat().Generate("live");
        var start = await LayeredSettings.StartAsync(layers => _settings.AddFiles(
            layers, "{'Keys':{'" + secret + "':{'Hash':'@a'}}}", "{'Keys':{'" + secret.ToUpperInvariant() + "':{'Hashes':['@b']}}}"));
        Assert.That(start.Problems, Has.Some.Contains("contains a secret, which logs and claims would show"));
        Assert.That(start.Everything, Does.Not.Contain(secret[10..]).And.Not.Contain(secret[10..].ToUpperInvariant()));
    }

    /// <summary>Reads the keys whose secrets are a, b and c.</summary>
    private static async Task<ApiKey?[]> ReadAsync(Action<ConfigurationManager> layers)
    {
        await using var app = LayeredSettings.Build(layers);
        var store = app.Services.GetRequiredService<ConfigurationApiKeyStore>();
        var keys = new List<ApiKey?>();
        foreach (var secret in new[] { "a", "b", "c" })
        {
            keys.Add(await store.FindAsync([new ApiKeyHasher([]).Hash(secret)], CancellationToken.None));
        }

        return [.. keys];
    }
}
