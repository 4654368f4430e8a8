using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Startup;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Configuration;

/// <summary>
/// Tests that every invalid setting stops the start with a message that names the setting and the fix, and that no value is shown.
/// </summary>
public sealed class BadSettingsTests
{
    private const string Marker = "hunter2";
    private const string Hash = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string OtherHash = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private const string Pepper = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";
    private const string WebhookSecret = "whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB";
    private static readonly string[] Fixes =
    [
        "write", "has the settings", "use ", "set ", "keep", "must be", "known are", "define", "retire", "give", "is neither", "remove",
    ];

    [TestCaseSource(typeof(BadSettings), nameof(BadSettings.All))]
    public async Task Start_InvalidSetting_FailsWithPathAndFixButNotTheValue(string settings, string path)
    {
        var json = settings.Replace("@hash", Hash, StringComparison.Ordinal)
            .Replace("@other", OtherHash, StringComparison.Ordinal)
            .Replace("@pepper", Pepper, StringComparison.Ordinal)
            .Replace("@whsec", WebhookSecret, StringComparison.Ordinal);
        var start = await StartUp.RunJsonAsync($$"""{ "ApiKeyAuth": {{json}} }""");
        Assert.That(start.Problems, Is.Not.Empty.And.All.StartsWith($"ApiKeyAuth:{path}"), json);
        Assert.That(start.Problems[0], Does.Not.Contain("(Parameter"));
        Assert.That(start.Problems[0][("ApiKeyAuth:" + path).Length], Is.AnyOf(' ', ':'), "the path ends here");
        Assert.That(Fixes.Where(start.Problems[0].Contains), Is.Not.Empty, start.Problems[0]);
        foreach (var secret in new[] { Marker, "31337", "AAAAAAAAAA", "aaaaaaaaaa", "QUFBQ" })
        {
            Assert.That(start.Everything, Does.Not.Contain(secret));
        }
    }

    [TestCase("{'Cache':31337}", "ApiKeyAuth:Cache")]
    [TestCase("'hunter2'", "ApiKeyAuth")]
    public async Task Start_ValueInsteadOfASection_FailsWithThePath(string settings, string path)
    {
        var start = await StartUp.RunJsonAsync("{\"ApiKeyAuth\":" + settings.Replace('\'', '"') + "}");
        Assert.That(start.Problems, Is.EqualTo(new[] { path + " is a single value; write a section." }));
    }

    [Test]
    public async Task Start_SectionWithAnotherName_FailsWithThatName()
    {
        var start = await StartUp.RunAsync(builder => builder
            .AddJson("""
                {
                  "Auth": {
                    "Keys2": {
                      "Cache": { "MaxKnownKeys": 0 },
                      "Format": { "SecretBytes": 8 },
                      "Schemes": { "a": { "Headers": "" } },
                      "Scopes": ["a", "a"]
                    }
                  }
                }
                """)
            .Services.AddApiKeyAuth(builder.Configuration.GetSection("Auth:Keys2")).AddInMemoryStore().AddAlerts());
        Assert.That(start.Problems, Has.Exactly(3).Items.And.All.StartsWith("Auth:Keys2:"));
    }

    [Test]
    public async Task Start_KeyInPlainText_SucceedsInDevelopmentOnly()
    {
        var secret = new ApiKeyFormat().Generate("test");
        var json = "{\"ApiKeyAuth\":{\"Keys\":[{\"Id\":\"a\",\"Key\":\"" + secret + "\"}]}}";
        Assert.That((await StartUp.RunJsonAsync(json, "Development")).Error, Is.Null);
        foreach (var environment in new[] { "Production", "Staging", "Test" })
        {
            var start = await StartUp.RunJsonAsync(json, environment);
            Assert.That(start.Problems, Is.EqualTo(new[]
            {
                "ApiKeyAuth:Keys:0:Key is a key in plain text, which is rejected outside Development; write its Hash, "
                + "and issue a new key because this one was exposed.",
            }));
            Assert.That(start.Everything, Does.Not.Contain(secret));
        }
    }

    // The messages are read by people who did not know that there are two kinds of accepted formats.
    [Test]
    public async Task Start_InvalidAcceptedFormatsOrPrefix_ReportsWholeMessages()
    {
        var start = await StartUp.RunJsonAsync("""
            {
              "ApiKeyAuth": {
                "AcceptedFormats": [{ "Prefix": "sk-" }, { "Prefix": "a ", "Length": 48 }, { "Alphabet": "Hex", "Bytes": 16 }]
              }
            }
            """);
        Assert.That(start.Problems, Is.EqualTo(new[]
        {
            "ApiKeyAuth:AcceptedFormats:1:Alphabet is missing; set one of Base62, Hex, Base64, Base64Url, Guid.",
            "ApiKeyAuth:AcceptedFormats:2:Bytes is not a setting. ApiKeyAuth:AcceptedFormats:2 has the settings "
                + "Alphabet, Length, MaxLength, MinLength, Prefix, Separator.",
            "ApiKeyAuth:AcceptedFormats:0:Prefix contains '-' at index 2: use letters and digits with single underscores between them, at "
                + "most 32 characters, or \"\" for no prefix. For keys that were issued elsewhere, also set Alphabet and Length.",
            "ApiKeyAuth:AcceptedFormats:1:Prefix contains U+0020 at index 1: use at most 64 printable ASCII characters without spaces, or "
                + "\"\" for no prefix.",
            "ApiKeyAuth:AcceptedFormats:2:Length is missing: set the number of characters after the prefix, or MinLength and MaxLength.",
        }));
        var key = await StartUp.RunJsonAsync(
            "{\"ApiKeyAuth\":{\"Keys\":[{\"Id\":\"a\",\"Hash\":\"" + Hash + "\",\"Prefix\":\"sk-\"}]}}");
        Assert.That(key.Problems, Is.EqualTo(new[]
        {
            "ApiKeyAuth:Keys:0:Prefix does not match any accepted format (key_{live|test}_{43 base62}{6 checksum}), so the key would never "
                + "be accepted; correct it, or write the format of the key in AcceptedFormats.",
        }));
    }

    [Test]
    public async Task Start_KeyInPlainTextTwice_FailsInDevelopment()
    {
        var secret = new ApiKeyFormat().Generate("test");
        var json = $$"""
            {
              "ApiKeyAuth": {
                "Keys": [{ "Id": "a", "Key": "{{secret}}" }, { "Id": "b", "Key": "{{secret}}" }, { "Id": "c", "Key": "hunter2" }]
              }
            }
            """;
        var start = await StartUp.RunJsonAsync(json, "Development");
        Assert.That(start.Problems, Is.EqualTo(new[]
        {
            "ApiKeyAuth:Keys:1:Key is also the secret of another key, or is written twice; every secret must be unique.",
            $"ApiKeyAuth:Keys:2:Key is not a key of a configured format ({new ApiKeyFormat()}): its prefix or environment does not match "
                + $"any of {new ApiKeyFormat()}; correct it.",
        }));
        Assert.That(start.Everything, Does.Not.Contain(secret).And.Not.Contain(Marker));
    }

    [Test]
    public async Task Start_InvalidSettingsInCode_Fails()
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
        var scheme = await StartUp.RunAsync(builder => builder.Services.AddApiKeyAuth()
            .AddInMemoryStore()
            .AddScheme("Agent", scheme => scheme.Environments.Add(Marker)));
        Assert.That(scheme.Problems, Is.EqualTo(new[]
        {
            "ApiKeyAuth:Schemes:Agent:Environments:0 is not an environment of any format; known are live, test.",
        }));
    }
}
