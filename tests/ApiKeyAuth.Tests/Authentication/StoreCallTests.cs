using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Moq;

namespace ApiKeyAuth.Tests.Authentication;

/// <summary>Tests which keys are looked up: a call of the strict mock throws, which is answered with 503.</summary>
public sealed class StoreCallTests
{
    private TestApp _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _app = await TestApp.StartAsync(
        web => web.MapGet("/", () => "in").RequireAuthorization(),
        options: options => options.RateLimiting.FailedAuthentications = null,
        keys: keys => keys.AddScheme("ApiKey", scheme => scheme.UnsafeQueryParameter = "api_key"),
        store: new Mock<IApiKeyStore>(MockBehavior.Strict).Object);

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [Test]
    public async Task StrictStore_WellFormedKey_CallsTheStore()
    {
        using var answer = await _app.GetAsync("/", _app.NewSecret());
        await answer.AssertRefusedAsync(503, "key_store_unavailable");
    }

    [Test]
    public async Task Store_OtherChecksum_DoesNotCallTheStore()
    {
        var secret = _app.NewSecret();
        for (var index = "key_test_".Length; index < secret.Length; index++)
        {
            var other = secret[index] == 'a' ? 'b' : 'a';
            using var answer = await _app.GetAsync("/", secret[..index] + other + secret[(index + 1)..]);
            await answer.AssertRefusedAsync(401, "invalid_api_key");
        }
    }

    [Test]
    public async Task Store_OtherCaseLengthEnvironmentOrPrefix_DoesNotCallTheStore()
    {
        var secret = _app.NewSecret();
        string[] wrong =
        [
            secret[1..], secret[..^1], secret + "a", secret.ToUpperInvariant(), "K" + secret[1..], "key_prod_" + secret[9..],
            "key_live_" + secret[9..],
            "sk_test_" + secret[9..], secret[9..], "key_test_", "key_", "k", secret + secret, new string('a', 8_000),
            "key_test_" + new string('a', 8_000),
            "*", "%00", "\u00c3\u00a9", "\u0001" + secret, secret + "\u0001", secret + "," + secret, secret.Insert(20, " "),
            secret.Insert(20, "\t"),
        ];
        foreach (var value in wrong)
        {
            var target = "/?api_key=" + Uri.EscapeDataString(value);
            string[] answers =
            [
                await _app.SendRawAsync("/", "X-API-Key: " + value),
                await _app.SendRawAsync("/", "Authorization: Bearer " + value),
                value.Length > 1_000 ? await _app.SendRawAsync("/", "X-API-Key: " + value) : await _app.SendRawAsync(target),
            ];
            Assert.That(answers, Is.All.StartsWith("HTTP/1.1 401").And.All.Contains("invalid_api_key"), value);
        }
    }

    [Test]
    public async Task Store_TwoKeys_DoesNotCallTheStore()
    {
        var (one, two) = (_app.NewSecret(), _app.NewSecret());
        string[] answers =
        [
            await _app.SendRawAsync("/", "X-API-Key: " + one, "X-API-Key: " + two),
            await _app.SendRawAsync("/", "Authorization: Bearer " + one, "Authorization: Bearer " + two),
            await _app.SendRawAsync("/", "Authorization: Bearer " + one, "X-API-Key: " + two),
            await _app.SendRawAsync($"/?api_key={one}&API_KEY={two}"),
            await _app.SendRawAsync("/?api_key=" + one, "X-API-Key: " + two),
        ];
        Assert.That(answers, Is.All.StartsWith("HTTP/1.1 400").And.All.Contains("invalid_request"));
    }
}
