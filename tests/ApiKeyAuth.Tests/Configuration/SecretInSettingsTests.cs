using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Startup;
using ApiKeyAuth.Tests.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Configuration;

/// <summary>Tests that no message shows a key in place of a name or an ID, or a value that a binder quotes.</summary>
public sealed class SecretInSettingsTests
{
    private const string Hash = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static readonly string Secret = NewSecret();

    [TestCase("{'Keys':{'@':'agents:read'}}", "ApiKeyAuth:Keys:")]
    [TestCase("{'Keys':{'@':['agents:read']}}", "ApiKeyAuth:Keys:")]
    [TestCase("{'Keys':{'@':{'Scope':['agents:read']}}}", "ApiKeyAuth:Keys:")]
    [TestCase("{'Keys':[{'Id':'a','Hash':'@hash','@':'agents:read'}]}", "ApiKeyAuth:Keys:0:")]
    [TestCase("{'Keys':[{'Id':'a','Hash':'@hash','Metadata':{'@':{'a':'b'}}}]}", "ApiKeyAuth:Keys:0:")]
    [TestCase("{'@':'agents:read'}", "ApiKeyAuth:")]
    [TestCase("{'@':{'a':'agents:read'}}", "ApiKeyAuth:")]
    [TestCase("{'Cache':{'@':'agents:read'}}", "ApiKeyAuth:Cache:")]
    [TestCase("{'Schemes':{'@':{'Headers':'X Key'}}}", "ApiKeyAuth:Schemes:")]
    [TestCase("{'Schemes':{'@':{'Headr':'X-Key'}}}", "ApiKeyAuth:Schemes:")]
    [TestCase("{'Keys':[{'Id':'@','Hash':'@hash'}]}", "ApiKeyAuth:Keys:0:Id contains a secret")]
    [TestCase("{'Keys':[{'Id':'my @ key','Hash':'@hash','Enabled':false}]}", "ApiKeyAuth:Keys:0:Id contains a secret")]
    public async Task Start_SecretInPlaceOfAName_FailsWithoutTheSecret(string settings, string problem)
    {
        var json = settings.Replace('\'', '"')
            .Replace("@hash", Hash, StringComparison.Ordinal)
            .Replace("@", Secret, StringComparison.Ordinal);
        var start = await StartUp.RunJsonAsync("{\"ApiKeyAuth\":" + json + "}");
        Assert.That(start.Problems, Is.Not.Empty.And.All.StartsWith(problem));
        Assert.That(start.Everything, Does.Not.Contain(Secret).And.Not.Contain(Secret[^20..]));
    }

    [Test]
    public async Task Start_SecretAsTheNameOfAScheme_FailsWithoutTheSecret()
    {
        var start = await StartUp.RunAsync(builder => builder.Services.AddApiKeyAuth()
            .AddInMemoryStore()
            .AddScheme(Secret, scheme => scheme.Headers = ["X Key"]));
        Assert.That(start.Problems, Has.One.Items);
        Assert.That(start.Everything, Does.Not.Contain(Secret).And.Not.Contain(Secret[^20..]));
    }

    [TestCase("{ '@': [ 'agents:read' ] }")]
    [TestCase("{ '@': 'agents:read' }")]
    [TestCase("[ { 'Id': '@', 'Hash': '@hash' } ]")]
    public async Task Reload_SecretInPlaceOfAName_IsNotLogged(string keys)
    {
        await using var app = new ConfiguredApp($"[ {ConfiguredApp.Key("k0", "s0")} ]");
        app.Edit(keys.Replace('\'', '"').Replace("@hash", Hash, StringComparison.Ordinal).Replace("@", Secret, StringComparison.Ordinal));
        Assert.That(app.Log.Of(21), Has.Count.EqualTo(1));
        Assert.That(app.Log.Entries.Select(line => line.Text), Has.None.Contains(Secret).And.None.Contains(Secret[^20..]));
        Assert.That(await app.OutcomeAsync("s0"), Is.EqualTo("k0"));
    }

    [Test]
    public async Task Start_BindingByTheAppFails_FailsWithoutTheValue()
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["S:Bearer"] = "hunter2' at 'x' to type 'y'" })
            .Build();
        var start = await StartUp.RunAsync(builder => builder.Services.AddApiKeyAuth().AddInMemoryStore()
            .AddScheme("ApiKey", scheme => scheme.Realm = settings.GetValue<bool>("S:Bearer").ToString()));
        Assert.That(
            start.Problems, Is.EqualTo(new[] { "S:Bearer is not a valid System.Boolean; correct it where the app binds it." }));
        Assert.That(start.Everything, Does.Not.Contain("hunter2"));
    }

    /// <summary>Generates a secret with a digit, because a text without digits could be a word.</summary>
    private static string NewSecret()
    {
        string secret;
        do
        {
            secret = new ApiKeyFormat().Generate("live");
        }
        while (!secret.Any(char.IsAsciiDigit));
        return secret;
    }
}
