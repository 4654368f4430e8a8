using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.FrontDoor;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Configuration;

/// <summary>Every bad setting stops the start; the message names the setting in full and a mend, and nothing anywhere shows the value.</summary>
public sealed class BadSettingsTests
{
    private const string Marker = "hunter2";
    private const string Hash = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string OtherHash = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private const string Pepper = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";
    private const string Whsec = "whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB";
    private static readonly string[] Mends =
        ["write", "knows", "name the", "use ", "set ", "keep", "it goes from", "known are", "rename", "declare", "define", "retire", "give", "is one value", "is neither", "is written", "add a pepper", "is no whole number", "is none of", "ids are unique", "has secrets of its own"];

    [TestCaseSource(typeof(BadSettings), nameof(BadSettings.All))]
    public async Task Setting_Bad_StopsTheStartNamingPathAndMendButNotTheValue(string settings, string path)
    {
        var json = "{\"ApiKeyAuth\":" + settings.Replace('\'', '"').Replace("@hash", Hash, StringComparison.Ordinal)
            .Replace("@other", OtherHash, StringComparison.Ordinal).Replace("@pepper", Pepper, StringComparison.Ordinal).Replace("@whsec", Whsec, StringComparison.Ordinal) + "}";
        var start = await StartUp.RunJsonAsync(json);
        Assert.That(start.Problems, Is.Not.Empty.And.All.StartsWith($"ApiKeyAuth:{path}"), json);
        Assert.That(start.Problems[0], Does.Not.Contain("(Parameter"));
        Assert.That(start.Problems[0][("ApiKeyAuth:" + path).Length], Is.AnyOf(' ', ':'), "The path must end there.");
        Assert.That(Mends.Where(start.Problems[0].Contains), Is.Not.Empty, start.Problems[0]);
        foreach (var secret in new[] { Marker, "31337", "AAAAAAAAAA", "aaaaaaaaaa", "QUFBQ" })
        {
            Assert.That(start.Everything, Does.Not.Contain(secret));
        }
    }

    [TestCase("{'Cache':31337}", "ApiKeyAuth:Cache")]
    [TestCase("'hunter2'", "ApiKeyAuth")]
    public async Task Section_Value_IsNamed(string settings, string path)
    {
        var start = await StartUp.RunJsonAsync("{\"ApiKeyAuth\":" + settings.Replace('\'', '"') + "}");
        Assert.That(start.Problems, Is.EqualTo(new[] { path + " is a single value; write a section." }));
    }

    [Test]
    public async Task Settings_UnderAnotherName_AreNamedByIt()
    {
        var start = await StartUp.RunAsync(builder => builder
            .AddJson("""{"Auth":{"Keys2":{"Cache":{"MaxKnownKeys":0},"Format":{"SecretBytes":8},"Schemes":{"a":{"Headers":""}},"Scopes":["a","a"]}}}""")
            .Services.AddApiKeyAuth(builder.Configuration.GetSection("Auth:Keys2")).AddInMemoryStore());
        Assert.That(start.Problems, Has.Exactly(3).Items.And.All.StartsWith("Auth:Keys2:"));
    }

    [Test]
    public async Task Key_InPlainText_IsReadInDevelopmentAndRefusedElsewhere()
    {
        var secret = new ApiKeyFormat().Generate("test");
        var json = "{\"ApiKeyAuth\":{\"Keys\":[{\"Id\":\"a\",\"Key\":\"" + secret + "\"}]}}";
        Assert.That((await StartUp.RunJsonAsync(json, "Development")).Error, Is.Null);
        foreach (var environment in new[] { "Production", "Staging", "Test" })
        {
            var start = await StartUp.RunJsonAsync(json, environment);
            Assert.That(start.Problems, Has.One.Items.And.All.StartsWith("ApiKeyAuth:Keys:0:Key is a key in plain text, which is refused outside Development; write its Hash"));
            Assert.That(start.Everything, Does.Not.Contain(secret));
        }
    }

    [Test]
    public async Task Key_InPlainTextTwice_IsRefusedInDevelopment()
    {
        var secret = new ApiKeyFormat().Generate("test");
        var start = await StartUp.RunJsonAsync(
            "{\"ApiKeyAuth\":{\"Keys\":[{\"Id\":\"a\",\"Key\":\"" + secret + "\"},{\"Id\":\"b\",\"Key\":\"" + secret + "\"},{\"Id\":\"c\",\"Key\":\"hunter2\"}]}}", "Development");
        Assert.That(start.Problems, Has.Exactly(2).Items);
        Assert.That(start.Problems, Has.One.StartsWith("ApiKeyAuth:Keys:1:Key is the secret of another key too"));
        Assert.That(start.Problems, Has.One.StartsWith("ApiKeyAuth:Keys:2:Key is no key of a configured format (key_{live|test}_"));
        Assert.That(start.Everything, Does.Not.Contain(secret).And.Not.Contain(Marker));
    }

    [Test]
    public async Task Settings_SetUpInCode_AreCheckedToo()
    {
        var start = await StartUp.RunAsync(builder => builder.Services.AddApiKeyAuth(options =>
        {
            options.Cache.StoreTimeout = TimeSpan.Zero;
            options.RateLimiting.Default = [default];
            options.AcceptedFormats.Add(new ApiKeyFormat());
            options.Scopes.Add(new ScopeDefinition { Name = "a", Implies = ["b"] });
        }).AddInMemoryStore().AddScheme("Agent", scheme => scheme.Environments.Add(Marker)));
        Assert.That(start.Problems.Select(problem => problem.Split(' ')[0].TrimEnd(':')), Is.EquivalentTo(new[]
        {
            "ApiKeyAuth:Cache:StoreTimeout", "ApiKeyAuth:RateLimiting:Default", "ApiKeyAuth:Format", "ApiKeyAuth:Scopes",
        }));
        var scheme = await StartUp.RunAsync(builder => builder.Services.AddApiKeyAuth().AddInMemoryStore().AddScheme("Agent", scheme => scheme.Environments.Add(Marker)));
        Assert.That(scheme.Problems, Has.One.Items.And.All.EqualTo("ApiKeyAuth:Schemes:Agent:Environments:0 is not an environment of any format; known are live, test."));
    }
}
