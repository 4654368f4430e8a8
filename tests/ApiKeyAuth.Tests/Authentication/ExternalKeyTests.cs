using System.Net;
using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authentication;

/// <summary>Tests keys that were issued elsewhere, in an app that also accepts its own keys and JWTs.</summary>
public sealed class ExternalKeyTests
{
    private const string Padded = "+/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA8=";
    private const string OpenAi = "sk-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV";
    private const string Guid = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    private const string UpperGuid = "7D444840-9DC0-11D1-B245-5FFDCE74FAD2";
    private const string Hex = "d41d8cd98f00b204e9800998ecf8427e";
    private const string Url = "-_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private static readonly string[] Secrets = [Padded, OpenAi, Guid, UpperGuid, Hex, Url];

    private readonly ScriptedStore _store = new([.. Secrets.Select((secret, index) => CreateKey($"k{index}", secret))]);
    private TestApp _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _app = await StartAsync(_store);

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [TestCaseSource(nameof(Secrets))]
    public async Task Key_InAnySource_IsAccepted(string secret)
    {
        var id = $"k{Array.IndexOf(Secrets, secret)} ApiKey";
        using var byHeader = await _app.GetAsync("/", secret);
        using var byBearer = await _app.GetAsync("/", bearer: secret);
        using var byWord = await _app.SendAsync("/", ("Authorization", "apikey   " + secret));
        using var byQuery = await _app.GetAsync("/?api_key=" + Uri.EscapeDataString(secret));
        foreach (var response in new[] { byHeader, byBearer, byWord, byQuery })
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await response.BodyAsync(), Is.EqualTo(id));
        }
    }

    // A plus sign in a query is a space.
    [Test]
    public async Task Query_PlusSignThatIsNotEscaped_IsRejected()
    {
        using var response = await _app.GetAsync("/?api_key=" + Padded);
        await response.AssertRefusedAsync(401, "invalid_api_key");
    }

    [Test]
    public async Task Header_MalformedKey_IsRejectedWithoutAStoreCall()
    {
        var before = _store.Calls;
        string[] malformed =
        [
            OpenAi[..^1], OpenAi + "x", $"{OpenAi}, {Guid}", OpenAi.ToUpperInvariant(), OpenAi[..20] + " " + OpenAi[21..], "sk-", "sk",
            Padded.TrimEnd('='), Padded + "=", Padded[1..], Padded.Replace('+', '-'), Guid.Replace("-", "", StringComparison.Ordinal) + "0",
            "{" + Guid + "}", Hex[1..], Hex + "00", new string('a', 5_000), "sk-" + new string('a', 5_000),
        ];
        foreach (var secret in malformed)
        {
            using var response = await _app.GetAsync("/", secret);
            Assert.That(await response.CodeAsync(), Is.EqualTo("invalid_api_key"), secret);
        }

        Assert.That(_store.Calls, Is.EqualTo(before));
        Assert.That(
            _app.Logs.Entries.Where(entry => malformed.Any(secret =>
                secret.Length > 3 && entry.Text.Contains(secret, StringComparison.Ordinal))), Is.Empty);
    }

    [Test]
    public async Task Header_UnknownKey_IsLookedUp()
    {
        var before = _store.Calls;
        using var response = await _app.GetAsync("/", Hex.ToUpperInvariant());
        await response.AssertRefusedAsync(401, "invalid_api_key");
        Assert.That(_store.Calls, Is.EqualTo(before + 1));
    }

    [Test]
    public async Task Authorization_BrokenKeyWithAPrefix_IsRejectedByTheKeyScheme()
    {
        using var response = await _app.GetAsync("/", bearer: OpenAi + "x");
        await response.AssertRefusedAsync(401, "invalid_api_key");
    }

    [Test]
    public async Task Authorization_JwtOrOpaqueToken_GoesToTheOtherScheme()
    {
        using var token = await _app.GetAsync("/", bearer: Jwts.Create());
        using var opaque = await _app.GetAsync("/", bearer: "an-opaque-token");
        Assert.That(await token.BodyAsync(), Does.EndWith("AuthenticationTypes.Federation"));
        await opaque.AssertRefusedAsync(401, "invalid_token");
    }

    [Test]
    public async Task HeaderAndAuthorization_TwoKeys_AreAmbiguous()
    {
        using var response = await _app.GetAsync("/", Guid, OpenAi);
        await response.AssertRefusedAsync(400, "invalid_request");
    }

    // Both formats accept the text of the app's own keys, with any checksum.
    [TestCase(true)]
    [TestCase(false)]
    public async Task Key_OfTwoFormats_IsAccepted(bool isWideFirst)
    {
        AcceptedApiKeyFormat[] formats =
        [
            new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Base64Url, MinLength = 16, MaxLength = 400 },
            new ExternalApiKeyFormat { Prefix = "key_test_", Alphabet = ApiKeyAlphabet.Base62, Length = 49 },
        ];
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireAuthorization(),
            options => Array.ForEach(isWideFirst ? formats : [.. Enumerable.Reverse(formats)], options.AcceptedFormats.Add),
            keys => keys.AddScheme("ApiKey", scheme => scheme.Environments.Add("test")));
        var secret = await app.IssueAsync(key => key with { Environment = null });
        var imported = app.NewSecret()[..^6] + "000000";
        await app.IssueAsync(key => key with { Secrets = [app.Hashed(imported)] });
        foreach (var text in new[] { secret, imported })
        {
            using var response = await app.GetAsync("/", text);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    private static ApiKey CreateKey(string id, string secret) => new()
    {
        Id = id,
        Name = "n",
        Secrets = [new ApiKeySecret { Hash = new ApiKeyHash(SHA256.HashData(Encoding.ASCII.GetBytes(secret))) }],
    };

    private static Task<TestApp> StartAsync(IApiKeyStore store) => TestApp.StartAsync(
        web => web.MapGet("/", (HttpContext context) =>
            $"{context.GetApiKey()?.Id} {context.User.Identity!.AuthenticationType}").RequireAuthorization(),
        options =>
        {
            options.RateLimiting.FailedAuthentications = null;
            options.AcceptedFormats.Add(new ExternalApiKeyFormat { Prefix = "sk-", Alphabet = ApiKeyAlphabet.Base62, Length = 48 });
            options.AcceptedFormats.Add(new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Guid });
            options.AcceptedFormats.Add(new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Hex, Length = 32 });
            options.AcceptedFormats.Add(new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Base64, Length = 44 });
            options.AcceptedFormats.Add(new ExternalApiKeyFormat { Alphabet = ApiKeyAlphabet.Base64Url, Length = 43 });
        },
        keys => keys
            .AddScheme("ApiKey", scheme =>
            {
                scheme.AuthorizationSchemes = ["Bearer", "ApiKey"];
                scheme.UnsafeQueryParameter = "api_key";
            })
            .AddBearerForwarding(JwtBearerDefaults.AuthenticationScheme),
        services => services.AddAuthentication().AddTestJwt(),
        store: store);
}
