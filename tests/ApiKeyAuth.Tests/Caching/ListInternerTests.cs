using System.Net;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Stores;

namespace ApiKeyAuth.Tests.Caching;

public sealed class ListInternerTests
{
    [Test]
    public async Task Find_KeysWithEqualLists_ShareThem()
    {
        using var rig = new CacheRig(
            new ScriptedStore(Key("k1", "10.0.0.0/8", "a"), Key("k2", "10.0.0.0/8", "a"), Key("k3", "10.0.0.0/9", "b")));
        var first = (await rig.FindAsync("k1")).Key!.Key;
        var second = (await rig.FindAsync("k2")).Key!.Key;
        var third = (await rig.FindAsync("k3")).Key!.Key;
        Assert.That(second.Networks, Is.SameAs(first.Networks));
        Assert.That(second.Audiences, Is.SameAs(first.Audiences));
        Assert.That(second.RateLimits, Is.SameAs(first.RateLimits));
        Assert.That(third.Networks, Is.EqualTo(new[] { IPNetwork.Parse("10.0.0.0/9") }));
        Assert.That(third.Audiences, Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public void Intern_ListThatIsChangedLater_IsCopied()
    {
        var shared = new ListInterner<string>();
        var own = new List<string> { "a" };
        var first = shared.Intern(own);
        own[0] = "b";
        own.Add("c");
        Assert.That(first, Is.EqualTo(new[] { "a" }));
        Assert.That(shared.Intern(own), Is.EqualTo(new[] { "b", "c" }));
        Assert.That(shared.Intern(["a"]), Is.SameAs(first));
    }

    [Test]
    public void Intern_MoreDifferentListsThanTheCapacity_ReturnsEqualLists()
    {
        var shared = new ListInterner<string>();
        for (var round = 0; round < 2; round++)
        {
            for (var index = 0; index < 1_500; index++)
            {
                Assert.That(shared.Intern(["a", $"s{index}"]), Is.EqualTo(new[] { "a", $"s{index}" }));
            }
        }
    }

    [Test]
    public void Intern_OtherOrderOrEmpty_IsAnotherList()
    {
        var shared = new ListInterner<string>();
        Assert.That(shared.Intern(["a", "b"]), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(shared.Intern(["b", "a"]), Is.EqualTo(new[] { "b", "a" }));
        Assert.That(shared.Intern(new List<string>()), Is.Empty);
    }

    private static ApiKey Key(string id, string network, string audience) => CacheRig.Key(id, id) with
    {
        Networks = [IPNetwork.Parse(network)],
        Audiences = [audience],
        RateLimits = RateLimit.ParseList("5/minute"),
    };
}
