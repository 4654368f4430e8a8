using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Stores;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.Diagnostics;

public sealed class LogTests
{
    [Test]
    public async Task Authentication_AcceptedRefusedAndUnknown_AreLoggedWithTheirIds()
    {
        string[] secrets = [.. Enumerable.Range(0, 3).Select(_ => new ApiKeyFormat().Generate("live"))];
        var store = new ScriptedStore(RunningApp.Key("k-good", secrets[0]), RunningApp.Key("k-off", secrets[1]) with { Enabled = false });
        await using var app = await RunningApp.StartAsync(store);
        Assert.That(await app.CallAsync(secrets[0]), Does.StartWith("200"));
        Assert.That(await app.CallAsync(secrets[1]), Does.StartWith("401"));
        Assert.That(await app.CallAsync(secrets[2]), Does.StartWith("401"));
        AssertLogged(app.Log, 3, LogLevel.Debug, "Scheme ApiKey accepted key k-good.");
        AssertLogged(app.Log, 1, LogLevel.Information, "Scheme ApiKey refused key k-off: Disabled.");
        AssertLogged(app.Log, 2, LogLevel.Debug, "Scheme ApiKey refused a key: Unknown.");
    }

    [Test]
    public async Task Store_EveryFailure_IsLoggedWithItsId()
    {
        var answers = new Queue<Func<ValueTask<ApiKey?>>>(
        [
            () => throw new InvalidOperationException("hunter2"),
            () => ValueTask.FromResult<ApiKey?>(CacheRig.Key("k-other", "other")),
            () => ValueTask.FromResult<ApiKey?>(CacheRig.Key("k1", "s1") with { Metadata = null! }),
            () => ValueTask.FromResult<ApiKey?>(CacheRig.Key("k1", "s1")),
            () => throw new InvalidOperationException("hunter2"),
        ]);
        using var rig = new CacheRig(new ScriptedStore((_, _) => answers.Dequeue()()));
        for (var failure = 0; failure < 4; failure++)
        {
            await rig.OutcomeAsync("s1");
        }

        rig.Clock.Advance(TimeSpan.FromSeconds(60));
        await rig.OutcomeAsync("s1");
        Assert.That(rig.Log.Lines.Select(line => line.Id), Is.EqualTo(new[] { 10, 12, 14, 10, 13 }));
        AssertLogged(rig.Log, 12, LogLevel.Critical, "Key store ScriptedStore answered with key k-other, which holds none of the hashes asked for");
        AssertLogged(rig.Log, 14, LogLevel.Error, "Key store ScriptedStore answered with a key whose Metadata is missing or malformed");
        AssertLogged(rig.Log, 13, LogLevel.Debug, "Key k1 is served past its freshness");
        Assert.That(rig.Log.Of(10).Select(line => line.Text), Is.All.StartsWith("Key store ScriptedStore failed (InvalidOperationException)"));
    }

    [Test]
    public async Task Start_NoStore_IsLogged()
    {
        await using var app = await RunningApp.StartAsync(store: null);
        AssertLogged(app.Log, 22, LogLevel.Warning, "No key store is registered");
    }

    private static void AssertLogged(CapturedLog log, int id, LogLevel level, string start)
    {
        Assert.That(log.Of(id), Has.Count.EqualTo(1));
        Assert.That(log.Of(id)[0].Level, Is.EqualTo(level));
        Assert.That(log.Of(id)[0].Text, Does.StartWith(start));
    }
}
