using System.Net;
using System.Text.Json;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Keys;

public sealed class ApiKeyTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ApiKey Key = new() { Id = "k1" };

    [Test]
    public void GetStatus_NewKey_IsActive() => Assert.That(Key.GetStatus(Now), Is.EqualTo(ApiKeyStatus.Active));

    [TestCase(1, ApiKeyStatus.Pending)]
    [TestCase(0, ApiKeyStatus.Active)]
    [TestCase(-1, ApiKeyStatus.Active)]
    public void GetStatus_NotBefore_IsPendingUntilTheInstant(int ticksLeft, ApiKeyStatus expected)
    {
        var key = Key with { NotBefore = Now.AddTicks(ticksLeft).ToOffset(TimeSpan.FromHours(5)) };
        Assert.That(key.GetStatus(Now), Is.EqualTo(expected));
        Assert.That(key.NotBefore?.Offset, Is.EqualTo(TimeSpan.Zero));
        Assert.That((key with { Enabled = false }).GetStatus(Now), Is.EqualTo(ApiKeyStatus.Disabled));
        Assert.That((key with { ExpiresAt = new ApiKeyExpiry(Now) }).GetStatus(Now), Is.EqualTo(ApiKeyStatus.Expired));
    }

    [TestCase(-40, null, null, -40)]
    [TestCase(-40, -35, null, -35)]
    [TestCase(-40, null, -33, -33)]
    [TestCase(-40, -34, -33, -33)]
    [TestCase(-40, -33, -34, -33)]
    [TestCase(-40, -50, -50, -40)]
    public void GetIdleExpiration_Times_CountsFromTheLatest(int created, int? used, int? start, int from)
    {
        DateTimeOffset? At(int? days) => days is { } value ? Now.AddDays(value) : null;
        var key = Key with { CreatedAt = Now.AddDays(created), LastUsedAt = At(used), NotBefore = At(start), ExpiresAfterIdleDays = 30 };
        var end = Now.AddDays(from + 30) + ApiKey.IdleTolerance;
        Assert.That(key.GetIdleExpiration(), Is.EqualTo(end));
        Assert.That(key.GetStatus(end.AddTicks(-1)), Is.EqualTo(ApiKeyStatus.Active));
        Assert.That(key.GetStatus(end), Is.EqualTo(ApiKeyStatus.Idle));
        Assert.That((key with { ExpiresAfterIdleDays = null }).GetIdleExpiration(), Is.Null);
        Assert.That((key with { RevokedAt = Now }).GetStatus(end), Is.EqualTo(ApiKeyStatus.Revoked));
    }

    [Test]
    public void GetIdleExpiration_OutOfRange_IsTheLatestTime()
    {
        var key = Key with { CreatedAt = Now, ExpiresAfterIdleDays = int.MaxValue };
        Assert.That(key.GetIdleExpiration(), Is.EqualTo(DateTimeOffset.MaxValue));
        Assert.That((key with { NotBefore = DateTimeOffset.MaxValue }).GetIdleExpiration(), Is.EqualTo(DateTimeOffset.MaxValue));
    }

    [TestCase(1, ApiKeyStatus.Active)]
    [TestCase(0, ApiKeyStatus.Expired)]
    [TestCase(-1, ApiKeyStatus.Expired)]
    public void GetStatus_ExpiryInstant_ExpiresAtTheInstant(int secondsLeft, ApiKeyStatus expected) =>
        Assert.That((Key with { ExpiresAt = new ApiKeyExpiry(Now.AddSeconds(secondsLeft)) }).GetStatus(Now), Is.EqualTo(expected));

    [Test]
    public void GetStatus_ExpiryDate_ExpiresAfterTheDay()
    {
        var key = Key with { ExpiresAt = new ApiKeyExpiry(new DateOnly(2026, 5, 1)) };
        Assert.That(key.GetStatus(new DateTimeOffset(2026, 5, 1, 23, 59, 59, 999, TimeSpan.Zero)), Is.EqualTo(ApiKeyStatus.Active));
        Assert.That(key.GetStatus(new DateTimeOffset(2026, 5, 2, 0, 0, 0, TimeSpan.Zero)), Is.EqualTo(ApiKeyStatus.Expired));
    }

    [Test]
    public void GetStatus_SeveralReasons_ReturnsTheMostFinal()
    {
        var expired = Key with { ExpiresAt = new ApiKeyExpiry(Now) };
        var disabled = expired with { Enabled = false };
        Assert.That(disabled.GetStatus(Now), Is.EqualTo(ApiKeyStatus.Disabled));
        Assert.That((disabled with { RevokedAt = Now }).GetStatus(Now), Is.EqualTo(ApiKeyStatus.Revoked));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(long.MaxValue)]
    public void RevokedAt_AnyTime_IsKeptAndRevokesTheKey(long ticks)
    {
        var time = new DateTimeOffset(Math.Min(ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
        var revoked = Key with { RevokedAt = time, LastUsedAt = time };
        Assert.That(revoked.RevokedAt, Is.EqualTo(time));
        Assert.That(revoked.LastUsedAt, Is.EqualTo(time));
        Assert.That(revoked.GetStatus(Now), Is.EqualTo(ApiKeyStatus.Revoked));
        Assert.That((revoked with { RevokedAt = null }).GetStatus(Now), Is.EqualTo(ApiKeyStatus.Active));
    }

    [Test]
    public void RevokedAt_TimeWithOffset_IsConvertedToUtc()
    {
        var key = Key with { RevokedAt = Now.ToOffset(TimeSpan.FromHours(5)) };
        Assert.That(key.RevokedAt, Is.EqualTo(Now));
        Assert.That(key.RevokedAt!.Value.Offset, Is.EqualTo(TimeSpan.Zero));
        Assert.That(key, Is.EqualTo(Key with { RevokedAt = Now }));
    }

    [Test]
    public void Serialize_KeyWithSecrets_OmitsTheSecrets()
    {
        var hash = Enumerable.Repeat((byte)0xAB, 32).ToArray();
        var key = Key with
        {
            Name = "n",
            Scopes = ScopeSet.Create(["read"]),
            RateLimits = RateLimit.ParseList("5/minute;100/day"),
            Networks = [IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("2001:db8::/48")],
            Audiences = ["api"],
            Metadata = new Dictionary<string, string> { ["team"] = "red" },
            ExpiresAt = new ApiKeyExpiry(new DateOnly(2027, 12, 31)),
            Secrets = [new ApiKeySecret { Hash = new ApiKeyHash(hash, "pepper1"), Hint = "wxyz" }],
        };
        foreach (var options in new[] { JsonSerializerOptions.Default, JsonSerializerOptions.Web })
        {
            var json = JsonSerializer.Serialize(key, options);
            Assert.That(json, Does.Contain("\"k1\"").And.Contain("\"read\"").And.Contain("\"red\""));
            foreach (var part in new[] { Convert.ToHexString(hash), Convert.ToBase64String(hash), "171", "pepper1", "wxyz", "Secrets" })
            {
                Assert.That(json, Does.Not.Contain(part).IgnoreCase);
            }
        }
    }

    [Test]
    public void ToString_KeyAndSecret_OmitsTheHash()
    {
        var secret = new ApiKeySecret { Hash = new ApiKeyHash(new byte[32]), Hint = "wxyz" };
        Assert.That(secret.ToString(), Is.EqualTo("ApiKeySecret …wxyz"));
        Assert.That((Key with { Secrets = [secret] }).ToString(), Is.EqualTo("ApiKey k1"));
    }
}
