using System.Net;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.Tests.RateLimiting;

[TestFixture]
public sealed class NetworkRateLimiterTests
{
    private static readonly RateLimit Limit = new(3, TimeSpan.FromMinutes(1));

    private readonly FakeTimeProvider _time = new();

    [TestCase("192.0.2.1", "192.0.2.1", true)]
    [TestCase("192.0.2.1", "192.0.2.2", false)]
    [TestCase("192.0.2.1", "::ffff:192.0.2.1", true)]
    [TestCase("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", true)]
    [TestCase("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [TestCase("0.0.0.1", "::1", false)]
    [TestCase("fe80::1%3", "fe80::2%4", true)]
    public void Charge_TwoAddresses_ShareALimitWhereTheirNetworkIsOne(string first, string second, bool isShared)
    {
        var limiter = new NetworkRateLimiter(_time, Limit);
        Spend(limiter, first);
        Assert.That(limiter.RecordFailure(IPAddress.Parse(first)).IsAdmitted, Is.False);
        Assert.That(limiter.RecordFailure(IPAddress.Parse(second)).IsAdmitted, Is.EqualTo(!isShared));
    }

    [Test]
    public void Charge_NoAddress_SharesOneLimitAndCountsAsNoNetwork()
    {
        var limiter = new NetworkRateLimiter(_time, Limit, 1);
        for (var i = 0; i < 3; i++)
        {
            Assert.That(limiter.RecordFailure(null).IsAdmitted, Is.True);
        }

        Assert.That(limiter.RecordFailure(null).IsAdmitted, Is.False);
        Assert.That(limiter.NetworkCount, Is.Zero);
        Assert.That(limiter.RecordFailure(IPAddress.Loopback).IsAdmitted, Is.True);
    }

    [Test]
    public void Charge_Full_NewcomersShareOneLimitAndNoKnownNetworkIsForgiven()
    {
        var limiter = new NetworkRateLimiter(_time, Limit, 10);
        for (var i = 0; i < 10; i++)
        {
            Spend(limiter, $"192.0.2.{i}");
        }

        Spend(limiter, "198.51.100.1");
        for (var i = 0; i < 200; i++)
        {
            Assert.That(limiter.RecordFailure(IPAddress.Parse($"203.0.113.{i}")).IsAdmitted, Is.False);
        }

        Assert.That(limiter.NetworkCount, Is.EqualTo(10));
        Assert.That(limiter.RecordFailure(IPAddress.Parse("192.0.2.7")).IsAdmitted, Is.False);
    }

    [Test]
    public void Charge_FullOfForgottenNetworks_MakesRoom()
    {
        var limiter = new NetworkRateLimiter(_time, Limit, 10);
        for (var i = 0; i < 9; i++)
        {
            Spend(limiter, $"192.0.2.{i}");
        }

        _time.Advance(TimeSpan.FromSeconds(50));
        Spend(limiter, "192.0.2.9");
        _time.Advance(TimeSpan.FromSeconds(30));
        Spend(limiter, "198.51.100.1");
        Spend(limiter, "198.51.100.2");

        Assert.That(limiter.NetworkCount, Is.EqualTo(3));
        Assert.That(limiter.RecordFailure(IPAddress.Parse("192.0.2.9")).IsAdmitted, Is.False);
    }

    [Test]
    public void Charge_KnownNetwork_AllocatesNothing()
    {
        var limiter = new NetworkRateLimiter(_time, Limit);
        var address = IPAddress.Parse("::ffff:192.0.2.1");
        Spend(limiter, "192.0.2.1");
        _ = limiter.RecordFailure(address);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _ = limiter.RecordFailure(address);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void Spend(NetworkRateLimiter limiter, string address)
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.That(limiter.RecordFailure(IPAddress.Parse(address)).IsAdmitted, Is.True);
        }
    }
}
