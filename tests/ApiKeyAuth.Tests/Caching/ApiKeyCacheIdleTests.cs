using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Caching;

/// <summary>Tests cached keys that expire when they are not used: other nodes may have used them.</summary>
public sealed class ApiKeyCacheIdleTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Left = TimeSpan.FromSeconds(20);

    [Test]
    public async Task Find_AtTheEndOfTheIdleTime_LoadsAgainBeforeItRejects()
    {
        var answer = Key();
        var store = new ScriptedStore((_, _) => ValueTask.FromResult<ApiKey?>(answer));
        using var rig = new CacheRig(store);
        answer = answer with { CreatedAt = rig.Clock.GetUtcNow() + Left - TimeSpan.FromDays(1) - ApiKey.IdleTolerance };
        Assert.That(await StatusAsync(rig), Is.EqualTo(ApiKeyStatus.Active));
        answer = answer with { LastUsedAt = rig.Clock.GetUtcNow() };
        rig.Clock.Advance(Left - Millisecond);
        Assert.That((await StatusAsync(rig), store.Calls), Is.EqualTo((ApiKeyStatus.Active, 1)));
        rig.Clock.Advance(Millisecond);
        Assert.That((await StatusAsync(rig), store.Calls), Is.EqualTo((ApiKeyStatus.Active, 2)), "another node used it");
    }

    [Test]
    public async Task Find_IdleKey_IsCachedAndReadAgainForALateFlush()
    {
        var answer = Key();
        var store = new ScriptedStore((_, _) => ValueTask.FromResult<ApiKey?>(answer));
        using var rig = new CacheRig(store);
        answer = answer with { CreatedAt = rig.Clock.GetUtcNow().AddDays(-9) };
        Assert.That((await StatusAsync(rig), await StatusAsync(rig), store.Calls), Is.EqualTo((ApiKeyStatus.Idle, ApiKeyStatus.Idle, 1)));
        answer = answer with { LastUsedAt = rig.Clock.GetUtcNow().AddHours(-1) };
        rig.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.That((await StatusAsync(rig), store.Calls), Is.EqualTo((ApiKeyStatus.Active, 2)));
    }

    [Test]
    public async Task Find_StoreDownAtTheEndOfTheIdleTime_IsUnavailableAndNotRejected()
    {
        var answer = Key();
        var store = new ScriptedStore((_, _) => ValueTask.FromResult<ApiKey?>(answer));
        using var rig = new CacheRig(store);
        answer = answer with { CreatedAt = rig.Clock.GetUtcNow() + Left - TimeSpan.FromDays(1) - ApiKey.IdleTolerance };
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("k1"));
        store.IsDown = true;
        rig.Clock.Advance(Left);
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unavailable"), "whether another node used it is not known");
        store.IsDown = false;
        Assert.That(await StatusAsync(rig), Is.EqualTo(ApiKeyStatus.Idle));
    }

    [TestCase(2, 1, 1)]
    [TestCase(1, 2, 1)]
    [TestCase(null, 3, 3)]
    [TestCase(3, null, 3)]
    [TestCase(null, null, null)]
    public async Task Find_UseThatIsNotStoredYet_CountsIfItIsLater(int? storedHoursAgo, int? countedHoursAgo, int? expected)
    {
        var answer = Key();
        var store = new ScriptedStore((_, _) => ValueTask.FromResult<ApiKey?>(answer));
        DateTimeOffset? counted = null;
        Func<string, DateTimeOffset?> findUse = id => id == "k1" ? counted : throw new InvalidOperationException();
        using var rig = new CacheRig(services => services.AddSingleton<ApiKeyAuth.Stores.IApiKeyStore>(store).AddSingleton(findUse));
        var now = rig.Clock.GetUtcNow();
        DateTimeOffset? HoursAgo(int? hours) => hours is { } some ? now.AddHours(-some) : null;
        counted = HoursAgo(countedHoursAgo);
        answer = answer with { CreatedAt = now.AddDays(-1), LastUsedAt = HoursAgo(storedHoursAgo) };

        Assert.That((await rig.FindAsync("s1")).Key?.Key.LastUsedAt, Is.EqualTo(HoursAgo(expected)));
    }

    [Test]
    public async Task Find_InvalidIdleTime_IsAFaultOfTheStore()
    {
        using var rig = new CacheRig(new ScriptedStore(Key() with { ExpiresAfterIdleDays = 0 }));
        Assert.That(await rig.OutcomeAsync("s1"), Is.EqualTo("unavailable"));
    }

    private static ApiKey Key() => CacheRig.Key("k1", "s1") with { ExpiresAfterIdleDays = 1 };

    private static async Task<ApiKeyStatus> StatusAsync(CacheRig rig) =>
        (await rig.FindAsync("s1")).Key!.Key.GetStatus(rig.Clock.GetUtcNow());
}
