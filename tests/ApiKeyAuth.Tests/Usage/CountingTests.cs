using System.Net;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Tests.Keys;
using ApiKeyAuth.Tests.TestHost;
using ApiKeyAuth.Usage;
using ApiKeyAuth.Usage.Counting;
using ApiKeyAuth.Usage.Countries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Tests.Usage;

/// <summary>Counting in memory is cheap and bounded, and neither loses nor doubles usage when cached records are replaced.</summary>
public sealed class CountingTests
{
    private static readonly IPAddress Address = IPAddress.Parse("203.0.113.77");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private ServiceProvider _services = null!;

    [SetUp]
    public void Create() => _services = new ServiceCollection().AddMetrics().AddSingleton<ApiKeyMetrics>().BuildServiceProvider();

    [TearDown]
    public void Delete() => _services.Dispose();

    [Test]
    public void Count_SteadyState_AllocatesNothing()
    {
        var counter = Counter();
        var (one, two) = (Record("key1"), Record("key1"));
        var other = IPAddress.Parse("2001:db8:1:2::3");
        Assert.That(Allocations.Of(() =>
        {
            counter.Count(one, ApiKeyUsageOutcomes.Success, Address);
            counter.Count(two, ApiKeyUsageOutcomes.Success, other, country: CountryCode.Parse("ch"));
            counter.RecordUse(one, "a:read");
        }), Is.Zero);
        Assert.That(Take(counter).Sum(use => use.Record.Count), Is.EqualTo(600), "200 rounds to warm up and 100 measured");
    }

    [Test]
    public async Task Count_RecordsComeAndGoWhileFlushed_LosesAndDoublesNothing()
    {
        var counter = Counter();
        var taken = 0L;
        using var done = new CancellationTokenSource();
        var flusher = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                taken += Take(counter).Sum(use => use.Record.Count);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (var round = 0; round < 50_000; round++)
            {
                // A new record each time, like a cache that evicts and reloads the key.
                counter.Count(Record($"key{(worker + round) % 3}"), ApiKeyUsageOutcomes.Success, Address);
            }
        })));
        await done.CancelAsync();
        await flusher;
        taken += Take(counter).Sum(use => use.Record.Count);
        Assert.That(taken, Is.EqualTo(200_000));
    }

    [Test]
    public void Count_KeyUnusedForTwoFlushes_TakesNoRoom()
    {
        var counter = Counter();
        var record = Record("key1");
        counter.Count(record, ApiKeyUsageOutcomes.Success, Address);
        counter.Budget.Release(Take(counter).Count);
        Assert.That((counter.Budget.Used, counter.KeyUsages.Count()), Is.EqualTo((1, 1)));
        Assert.That(Take(counter), Is.Empty);
        Assert.That((counter.Budget.Used, counter.KeyUsages.Count()), Is.EqualTo((0, 1)));
        for (var flush = 0; flush < 29; flush++)
        {
            Assert.That(Take(counter), Is.Empty);
        }

        Assert.That((counter.Budget.Used, counter.KeyUsages.Count()), Is.EqualTo((0, 0)), "30 flushes without a use retire it");
        counter.Count(record, ApiKeyUsageOutcomes.Success, Address);
        Assert.That(Take(counter).Single().Record.Count, Is.EqualTo(1), "the record's old place was retired");
    }

    [Test]
    public void Count_RoomIsUsedUp_DropsOnlyWhatNeedsARowOfItsOwn()
    {
        var counter = Counter(new ApiKeyUsageOptions { MaxPendingRows = 2 });
        for (var round = 0; round < 5; round++)
        {
            counter.Count(Record("key1"), ApiKeyUsageOutcomes.Success, Address);
            counter.Count(Record("key2"), ApiKeyUsageOutcomes.Success, Address);
            counter.Count(Record("key3"), ApiKeyUsageOutcomes.Success, Address);
        }

        Assert.That((counter.TakeDroppedCount(), counter.TakeDroppedCount()), Is.EqualTo((5L, 0L)));
        Assert.That(Take(counter).Select(use => use.Record.Count), Is.EqualTo(new[] { 5L, 5L }));
    }

    [Test]
    public void Count_ManyNetworks_KeepsSoManyApartAnHour()
    {
        var counter = Counter(new ApiKeyUsageOptions { MaxNetworksPerKey = 2 });
        var record = Record("key1");
        for (byte network = 0; network < 5; network++)
        {
            counter.Count(record, ApiKeyUsageOutcomes.Success, new IPAddress([10, 0, network, 9]));
        }

        Assert.That(
            Take(counter).Select(use => (use.Network.ToString(), use.Record.Count)),
            Is.EquivalentTo(new[] { ("10.0.0.0/24", 1L), ("10.0.1.0/24", 1L), ("other", 3L) }));
        _clock.Advance(TimeSpan.FromHours(1));
        counter.Count(record, ApiKeyUsageOutcomes.Success, new IPAddress([10, 0, 4, 9]));
        Assert.That(Take(counter).Single(use => use.Record.Count > 0).Network.ToString(), Is.EqualTo("10.0.4.0/24"));
    }

    [Test]
    public void Count_ManyCountries_KeepsSoManyApartAnHour()
    {
        var counter = Counter(new ApiKeyUsageOptions { MaxNetworksPerKey = 2 });
        var record = Record("key1");
        foreach (var country in new[] { "AA", "AB", "AC", "AD", "AE", "AC", "", "AF" })
        {
            counter.Count(record, ApiKeyUsageOutcomes.Success, Address, country: CountryCode.Parse(country));
        }

        Assert.That(
            Take(counter).Select(use => (use.Network.ToString(), use.Record.Country, use.Record.Count)),
            Is.EquivalentTo(new[]
            {
                ("203.0.113.0/24", "AA", 1L), ("203.0.113.0/24", "AB", 1L), ("other", "AC", 2L), ("other", "AD", 1L), ("other", "", 3L),
            }));
    }

    [Test]
    public void Count_WithoutNetworks_KeepsNoCountry()
    {
        var counter = Counter(new ApiKeyUsageOptions { MaxNetworksPerKey = 0 });
        counter.Count(Record("key1"), ApiKeyUsageOutcomes.Success, Address, country: CountryCode.Parse("CH"));
        Assert.That(Take(counter).Select(use => (use.Network.ToString(), use.Record.Country)), Is.EqualTo(new[] { ("", "") }));
    }

    [TestCase("CH", "CH")]
    [TestCase("zz", "ZZ")]
    [TestCase("aA", "AA")]
    [TestCase("xx", "")]
    [TestCase("T1", "")]
    [TestCase("ÄÖ", "")]
    [TestCase("C", "")]
    [TestCase(null, "")]
    public void Parse_OfAText_TakesTwoLetters(string? text, string country) =>
        Assert.That(CountryCode.Parse(text).ToString(), Is.EqualTo(country));

    [TestCase(null, "")]
    [TestCase("203.0.113.77", "203.0.113.0/24")]
    [TestCase("::ffff:203.0.113.77", "203.0.113.0/24")]
    [TestCase("255.255.255.255", "255.255.255.0/24")]
    [TestCase("2001:db8:aaaa:bbbb::1", "2001:db8:aaaa::/48")]
    [TestCase("ffff:ffff:ffff:ffff::", "ffff:ffff:ffff::/48")]
    public void Network_OfAnAddress_IsCut(string? address, string network) =>
        Assert.That(UsageNetwork.FromAddress(address is null ? null : IPAddress.Parse(address)).ToString(), Is.EqualTo(network));

    [Test]
    public void Count_ClockIsSetBackAndForth_MisplacesByTheStepAndLosesNothing()
    {
        var clock = new MovableClock(new DateTimeOffset(2026, 1, 1, 12, 30, 0, TimeSpan.Zero));
        var counter = new UsageCounter(new ApiKeyUsageOptions(), clock, _services.GetRequiredService<ApiKeyMetrics>());
        foreach (var hours in new[] { 0, -2, 3, 0 })
        {
            clock.Now = new DateTimeOffset(2026, 1, 1, 12, 30, 0, TimeSpan.Zero).AddHours(hours);
            counter.Count(Record("key1"), ApiKeyUsageOutcomes.Success, Address);
        }

        Assert.That(
            Take(counter).Select(use => (use.Record.Hour.Hour, use.Record.LastUsedAt!.Value.Hour, use.Record.Count)),
            Is.EquivalentTo(new[] { (12, 12, 2L), (10, 10, 1L), (15, 15, 1L) }));
    }

    private UsageCounter Counter(ApiKeyUsageOptions? options = null) =>
        new(options ?? new ApiKeyUsageOptions(), _clock, _services.GetRequiredService<ApiKeyMetrics>());

    /// <summary>Creates a record as the cache loads it, with its own hash instance that is equal to others of the key.</summary>
    private static VerifiedApiKey Record(string id)
    {
        var secret = new ApiKeySecret { Hash = new ApiKeyHash(new byte[32]) };
        return new VerifiedApiKey(new ApiKey { Id = id, Secrets = [secret] }, secret, ScopeSet.Empty);
    }

    private static List<UsageSnapshot> Take(UsageCounter counter)
    {
        var uses = new List<UsageSnapshot>();
        foreach (var key in counter.KeyUsages)
        {
            if (key.TakeSnapshots(uses, []))
            {
                counter.Remove(key);
            }
        }

        return uses;
    }
}
