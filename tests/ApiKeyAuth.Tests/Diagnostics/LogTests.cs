using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Caching;
using ApiKeyAuth.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Moq;

namespace ApiKeyAuth.Tests.Diagnostics;

public sealed class LogTests
{
    [Test]
    public async Task Authenticate_AcceptedRejectedAndUnknownKeys_LogsTheirIds()
    {
        string[] secrets = [.. Enumerable.Range(0, 3).Select(_ => new ApiKeyFormat().Generate("live"))];
        var store = new ScriptedStore(RunningApp.Key("k-good", secrets[0]), RunningApp.Key("k-off", secrets[1]) with { Enabled = false });
        await using var app = await RunningApp.StartAsync(store);
        Assert.That(await app.CallAsync(secrets[0]), Does.StartWith("200"));
        Assert.That(await app.CallAsync(secrets[1]), Does.StartWith("401"));
        Assert.That(await app.CallAsync(secrets[2]), Does.StartWith("401"));
        AssertLogged(app.Log, 3, LogLevel.Debug, "Scheme ApiKey accepted key k-good.");
        AssertLogged(app.Log, 1, LogLevel.Debug, "Scheme ApiKey rejected key k-off: Disabled.");
        AssertLogged(app.Log, 2, LogLevel.Debug, "Scheme ApiKey rejected a key: Unknown.");
    }

    [TestCase("Production", LogLevel.Debug)]
    [TestCase("Development", LogLevel.Information)]
    public async Task Authenticate_RejectedForAnyReason_LogsOnceAtTheSameLevel(string environment, LogLevel level)
    {
        var now = DateTimeOffset.UnixEpoch;
        Func<ApiKey, ApiKey>[] reasons =
        [
            key => key with { Enabled = false },
            key => key with { RevokedAt = now },
            key => key with { ExpiresAt = new ApiKeyExpiry(now) },
            key => key with { Networks = [System.Net.IPNetwork.Parse("203.0.113.0/24")] },
            key => key with { Audiences = ["other"] },
            key => key with { Secrets = [key.Secrets[0] with { ExpiresAt = now }] },
            key => key with { Kind = ApiKeyKinds.Personal, OwnerId = "deleted" },
        ];
        var secrets = reasons.Select(_ => new ApiKeyFormat().Generate("live")).ToArray();
        var keys = reasons.Select((reason, index) => reason(RunningApp.Key($"k{index}", secrets[index]))).ToArray();
        string[] rejected = [.. secrets, new ApiKeyFormat().Generate("live"), "malformed"];
        var store = new ScriptedStore(keys);
        await using var app = await RunningApp.StartAsync(
            store, environment: environment, services: services => services
                .AddSingleton<IApiKeyOwnerPermissions>(new NoOwners())

                // Development validates every service, including those of the management API.
                .AddSingleton(Mock.Of<IWritableApiKeyStore>()));
        foreach (var secret in rejected)
        {
            Assert.That(await app.CallAsync(secret), Does.StartWith("401").Or.StartsWith("403"));
        }

        var lines = app.Log.Entries.Where(line =>
            line.Category.StartsWith("ApiKeyAuth", StringComparison.Ordinal)
            && line.Text.Contains("rejected", StringComparison.Ordinal)).ToArray();
        Assert.That(lines, Has.Length.EqualTo(rejected.Length));
        Assert.That(lines.Select(line => line.Level), Is.All.EqualTo(level));
    }

    [TestCase("Production")]
    [TestCase("Development")]
    public async Task Authenticate_MalformedKey_LogsTheReasonInDevelopmentOnly(string environment)
    {
        var key = new ApiKeyFormat().Generate("live");
        (string Secret, string Fault)[] cases =
        [
            ("hunter2", "its prefix or environment does not match any of key_{live|test}_{43 base62}{6 checksum}, sk-{40 hex}"),
            (key[..^1], "its length does not match key_{live|test}_{43 base62}{6 checksum}"),
            (key + key, "its length does not match key_{live|test}_{43 base62}{6 checksum}"),
            (key[..^1] + "!", "it contains a character that does not match key_{live|test}_{43 base62}{6 checksum}"),
            (key[..^6] + "000000", "its checksum does not match key_{live|test}_{43 base62}{6 checksum}"),
            ("sk-" + new string('g', 40), "it contains a character that does not match sk-{40 hex}"),
        ];
        await using var app = await RunningApp.StartAsync(
            new ScriptedStore(),
            options => options.AcceptedFormats.Add(
                new ExternalApiKeyFormat { Prefix = "sk-", Alphabet = ApiKeyAlphabet.Hex, Length = 40 }),
            environment,
            services => services.AddSingleton(Mock.Of<IWritableApiKeyStore>()));
        foreach (var (secret, fault) in cases)
        {
            Assert.That(await app.CallAsync(secret), Does.StartWith("401"));
        }

        var lines = app.Log.Of(environment == "Development" ? 6 : 2);
        Assert.That(app.Log.Of(environment == "Development" ? 2 : 6), Is.Empty);
        Assert.That(
            lines.Select(line => line.Message),
            Is.EqualTo(cases.Select(item => environment == "Development"
                ? $"Scheme ApiKey rejected a key: Malformed ({item.Fault})."
                : "Scheme ApiKey rejected a key: Malformed.")));
        foreach (var part in new[] { "hunter2", key[9..17], key[^6..], "gggg" })
        {
            Assert.That(app.Log.Entries.Where(line => line.Text.Contains(part, StringComparison.Ordinal)), Is.Empty);
        }
    }

    [Test]
    public async Task FindInStore_EveryFailure_LogsItsEventId()
    {
        var results = new Queue<Func<ValueTask<ApiKey?>>>(
        [
            () => throw new InvalidOperationException("hunter2"),
            () => ValueTask.FromResult<ApiKey?>(CacheRig.Key("k-other", "other")),
            () => ValueTask.FromResult<ApiKey?>(CacheRig.Key("k1", "s1") with { Metadata = null! }),
            () => ValueTask.FromResult<ApiKey?>(CacheRig.Key("k1", "s1")),
            () => throw new InvalidOperationException("hunter2"),
        ]);
        using var rig = new CacheRig(new ScriptedStore((_, _) => results.Dequeue()()));
        for (var failure = 0; failure < 4; failure++)
        {
            await rig.OutcomeAsync("s1");
        }

        rig.Clock.Advance(TimeSpan.FromSeconds(60));
        await rig.OutcomeAsync("s1");
        Assert.That(rig.Log.Entries.Select(line => line.EventId), Is.EqualTo(new[] { 10, 12, 14, 10, 13 }));
        AssertLogged(
            rig.Log, 12, LogLevel.Critical, "Key store ScriptedStore returned key k-other, which has none of the requested hashes");
        AssertLogged(rig.Log, 14, LogLevel.Error, "Key store ScriptedStore returned a key whose Metadata is missing or malformed");
        AssertLogged(rig.Log, 13, LogLevel.Debug, "Stale key k1 is served from the cache");
        Assert.That(
            rig.Log.Of(10).Select(line => line.Text),
            Is.All.StartsWith("Key store ScriptedStore failed (InvalidOperationException)"));
    }

    [Test]
    public async Task Start_NoStore_LogsAWarning()
    {
        await using var app = await RunningApp.StartAsync(store: null);
        AssertLogged(app.Log, 22, LogLevel.Warning, "No key store is registered");
    }

    private sealed class NoOwners : IApiKeyOwnerPermissions
    {
        public ValueTask<ScopeSet?> GetAsync(string ownerId, string? tenantId, CancellationToken cancellationToken) => new((ScopeSet?)null);
    }

    private static void AssertLogged(LogCapture log, int id, LogLevel level, string start)
    {
        Assert.That(log.Of(id), Has.Count.EqualTo(1));
        Assert.That(log.Of(id)[0].Level, Is.EqualTo(level));
        Assert.That(log.Of(id)[0].Text, Does.StartWith(start));
    }
}
