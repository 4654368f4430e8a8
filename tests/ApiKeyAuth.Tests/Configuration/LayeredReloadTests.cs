using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores.Configured;
using ApiKeyAuth.Tests.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Configuration;

/// <summary>Tests that a reload is rejected if a second provider supplies a list, and that the previous keys stay in effect.</summary>
public sealed class LayeredReloadTests
{
    private readonly LayeredSettings _settings = new();
    private LogCapture _logs = new();

    [TearDown]
    public void Delete() => _settings.Dispose();

    [Test]
    public async Task Reload_SecondFileSuppliesKeys_KeepsThePreviousKeysAndNamesBothFiles()
    {
        await using var app = Start("{'Keys':[{'Id':'ops','Hash':'@a','Scopes':['x']}]}", "{}");
        Reload(app, second: "{'Keys':[{'Id':'partner','Hash':'@b'}]}");
        Assert.That(await FindAsync(app, "a"), Is.EqualTo("ops x"));
        Assert.That(await FindAsync(app, "b"), Is.Null);
        Assert.That(Rejections(), Has.Length.EqualTo(1));
        Assert.That(Rejections()[0], Does.Contain("ApiKeyAuth:Keys has members in 1.json and 2.json, which"));
        Assert.That(Rejections()[0], Does.Contain("previous 1 keys stay"));
        Reload(app, first: "{}");
        Assert.That(await FindAsync(app, "a"), Is.Null);
        Assert.That(await FindAsync(app, "b"), Is.EqualTo("partner "));
        Assert.That(Rejections(), Has.Length.EqualTo(1));
    }

    // The merged values do not change, because the later file overrides all of the earlier one. Only the providers show the difference.
    [Test]
    public async Task Reload_RejectedListRemovedFromOneFile_IsReadDespiteEqualMergedValues()
    {
        await using var app = Start("{'Keys':{'k':{'Hash':'@a','Scopes':['x']}}}", "{}");
        Reload(app, second: "{'Keys':{'k':{'Scopes':['y','z']}}}");
        Assert.That(await FindAsync(app, "a"), Is.EqualTo("k x"));
        Assert.That(Rejections(), Has.Length.EqualTo(1).And.One.Contains("Keys:k:Scopes has members in 1.json and 2.json, which"));
        Reload(app, first: "{'Keys':{'k':{'Hash':'@a'}}}");
        Assert.That(await FindAsync(app, "a"), Is.EqualTo("k y z"));
        Assert.That(Rejections(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Reload_EarlierFileSuppliesAnOverriddenList_IsRejected()
    {
        await using var app = Start("{}", "{'Keys':{'k':{'Hash':'@a','Scopes':['y','z']}}}");
        Reload(app, first: "{'Keys':{'k':{'Scopes':['x']}}}");
        Assert.That(await FindAsync(app, "a"), Is.EqualTo("k y z"));
        Assert.That(Rejections(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Reload_LaterFileChangesAKeyById_IsMerged()
    {
        await using var app = Start("{'Keys':{'k':{'Hash':'@a','Scopes':['x']}}}", "{}");
        Reload(app, second: "{'Keys':{'l':{'Hash':'@b'},'k':{'Hash':'@c'}}}");
        Assert.That(await FindAsync(app, "a"), Is.Null);
        Assert.That(await FindAsync(app, "b"), Is.EqualTo("l "));
        Assert.That(await FindAsync(app, "c"), Is.EqualTo("k x"));
        Assert.That(Rejections(), Is.Empty);
    }

    [Test]
    public async Task Reload_UserSecretsOverAFile_IsRejected()
    {
        var builder = StartUp.CreateBuilder("Production", out _logs);
        _settings.AddFiles(builder.Configuration, "{'Keys':[{'Id':'ops','Hash':'@a'}]}");
        builder.Configuration.AddJsonFile(_settings.Write("secrets.json", "{}"), optional: true, reloadOnChange: false);
        await using var app = Build(builder);
        _settings.Write("secrets.json", "{'Keys':[{'Scopes':['*']}]}");
        ((IConfigurationRoot)app.Configuration).Reload();
        Assert.That(await FindAsync(app, "a"), Is.EqualTo("ops "));
        Assert.That(Rejections(), Has.Length.EqualTo(1).And.One.Contains("1.json and secrets.json"));
    }

    private WebApplication Start(string first, string second)
    {
        var builder = StartUp.CreateBuilder("Production", out _logs);
        _settings.AddFiles(builder.Configuration, first, second);
        return Build(builder);
    }

    private static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.Services.AddApiKeyAuth(builder.Configuration.GetSection("ApiKeyAuth"));
        var app = builder.Build();
        _ = app.Services.GetRequiredService<ConfigurationApiKeyStore>();
        return app;
    }

    private void Reload(WebApplication app, string? first = null, string? second = null)
    {
        _ = first is null ? null : _settings.Write("1.json", first);
        _ = second is null ? null : _settings.Write("2.json", second);
        ((IConfigurationRoot)app.Configuration).Reload();
    }

    private string[] Rejections() => [.. _logs.Entries.Where(entry => entry.EventId == 21).Select(entry => entry.Text)];

    private static async Task<string?> FindAsync(WebApplication app, string secret)
    {
        var store = app.Services.GetRequiredService<ConfigurationApiKeyStore>();
        var key = await store.FindAsync([new ApiKeyHasher([]).Hash(secret)], CancellationToken.None);
        return key is null ? null : $"{key.Id} {string.Join(' ', key.Scopes)}";
    }
}
