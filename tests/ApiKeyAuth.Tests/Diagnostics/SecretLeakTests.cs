using System.Security.Cryptography;
using System.Text;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Stores;

namespace ApiKeyAuth.Tests.Diagnostics;

[NonParallelizable] // Activity listeners receive the activities of the whole process.
public sealed class SecretLeakTests
{
    private const string Malformed = "hunter2-is-no-key-at-all";

    [Test]
    public async Task LogsMetricsActivitiesAndResponses_AnyRequest_ContainNoSecret()
    {
        string[] secrets = [.. Enumerable.Range(0, 5).Select(_ => new ApiKeyFormat().Generate("live"))];
        var wrongChecksum = secrets[0][..^1] + (secrets[0][^1] == 'a' ? 'b' : 'a');
        var store = new ScriptedStore(
            RunningApp.Key("k-good", secrets[0]),
            RunningApp.Key("k-revoked", secrets[1]) with { RevokedAt = DateTimeOffset.UnixEpoch },
            RunningApp.Key("k-expired", secrets[2]) with { ExpiresAt = new ApiKeyExpiry(DateTimeOffset.UnixEpoch) });
        using var activities = new CapturedActivities();
        await using var app = await RunningApp.StartAsync(store);
        var statuses = new List<string>();
        var responses = new List<string>();
        await CallAsync(secrets[0], "/", "X-API-Key");
        await CallAsync($"Bearer {secrets[0]}", "/", "Authorization");
        await CallAsync(secrets[0], "/scoped", "X-API-Key");
        await CallAsync(secrets[1], "/", "X-API-Key");
        await CallAsync(secrets[2], "/", "X-API-Key");
        await CallAsync(secrets[3], "/", "X-API-Key");
        await CallAsync(Malformed, "/", "X-API-Key");
        await CallAsync($"Bearer {Malformed}", "/", "Authorization");
        await CallAsync(wrongChecksum, "/", "X-API-Key");
        await CallAsync($"{secrets[0]}, {secrets[1]}", "/", "X-API-Key");
        store.IsDown = true;
        await CallAsync(secrets[4], "/", "X-API-Key");
        app.Clock.Advance(TimeSpan.FromSeconds(61));
        await CallAsync(secrets[0], "/", "X-API-Key");
        Assert.That(statuses, Is.EqualTo(new[] { "200", "200", "403", "401", "401", "401", "401", "401", "401", "401", "503", "200" }));

        string[] texts =
        [
            .. app.Log.Entries.Select(line => $"{line.Category} {line.Text}"),
            .. app.Metrics.All.Select(m => $"{m.Instrument} {m.Tags}"),
            .. activities.All.Select(CapturedActivities.Describe), .. responses,
        ];
        Assert.That(
            texts,
            Has.Some.Contains("k-good").And.Some.Contains("Kestrel").And.Some.Contains("apikeyauth.store.load"),
            "the texts are captured");
        string[] forbidden =
            [.. secrets.SelectMany(Forms), Malformed, wrongChecksum, "hunter2", .. secrets.Select(secret => secret[^20..])];
        var found = texts.SelectMany(text =>
            forbidden.Where(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)).Select(word => (word, text)));
        Assert.That(found, Is.Empty);

        async Task CallAsync(string value, string path, string header)
        {
            var response = await app.CallAsync(value, path, header);
            statuses.Add(response[..3]);
            responses.Add(response);
        }
    }

    [Test]
    public void ToString_TypesOfTheCache_OmitsTheHash()
    {
        var secret = new ApiKeyFormat().Generate("live");
        var key = RunningApp.Key("k1", secret);
        var record = new CachedApiKey(SecretTag.Compute(secret), key, key.Secrets[0], key.Scopes, 0, 0);
        object[] values =
        [
            key, key.Secrets[0], key.Secrets[0].Hash, SecretTag.Compute(secret), record, new ApiKeyLookupResult(record, false),
            new LoadedApiKey(key, key.Secrets[0], false), VerificationResult.Accepted(record, verifiedAt: 0),
            VerificationResult.Rejected(AuthenticationOutcome.Expired, ApiKeyError.Invalid, record),
        ];
        var forms = Forms(secret).ToArray();
        Assert.That(
            values.SelectMany(value => forms.Where(form => value.ToString()!.Contains(form, StringComparison.OrdinalIgnoreCase))),
            Is.Empty);
    }

    /// <summary>Returns the forms in which a secret, its digest and its stored hash might be written.</summary>
    private static IEnumerable<string> Forms(string secret)
    {
        var digest = SHA256.HashData(Encoding.ASCII.GetBytes(secret));
        var stored = RunningApp.Hasher.Hash(secret).Digest.ToArray();
        return
        [
            secret,
            .. new[] { digest, stored }.SelectMany(
                bytes => new[] { Convert.ToHexString(bytes), Convert.ToBase64String(bytes), BitConverter.ToString(bytes) }),
        ];
    }
}
