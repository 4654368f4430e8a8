using ApiKeyAuth.Alerts.Rules;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.Management;
using ApiKeyAuth.Tests.Usage;

namespace ApiKeyAuth.Tests.Alerts;

/// <summary>
/// Alerts by origin and time: new countries and networks, keys used after a long time, expiring and rotated keys, and test keys on live
/// hosts.
/// </summary>
public sealed class OriginAlertTests
{
    [Test]
    public async Task NewCountry_AfterAnother_IsReportedOnceAndResolvedADayLater()
    {
        await using var rig = new AlertRig();
        var key = await rig.AddAsync();
        rig.Use(key, country: "CH");
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty, "the first country is not new");
        rig.Clock.Advance(TimeSpan.FromHours(1));
        rig.Use(key, country: "VN", address: "198.51.100.1");
        var alert = (await rig.EvaluateAsync()).Single();
        Assert.That((alert.Kind, alert.Details["country"]), Is.EqualTo(("new_country", "VN")));
        rig.Clock.Advance(TimeSpan.FromHours(23));
        rig.Use(key, country: "VN", address: "198.51.100.1");
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty);
        rig.Clock.Advance(TimeSpan.FromHours(1));
        rig.Use(key, country: "VN", address: "198.51.100.1");
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo("new_country:Resolved"));
    }

    [Test]
    public async Task NewCountry_AfterUnknownOnes_IsNone()
    {
        await using var rig = new AlertRig();
        var key = await rig.AddAsync();
        rig.Use(key);
        await rig.EvaluateAsync();
        rig.Clock.Advance(TimeSpan.FromHours(1));
        rig.Use(key, country: "VN", address: "198.51.100.1");
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty);
    }

    [Test]
    public async Task NewCountry_AnotherNodeKnowsIt_IsNone()
    {
        // The activity is in the store; a node that has just started has nothing cached.
        await using var rig = new AlertRig();
        var key = await rig.AddAsync();
        foreach (var country in new[] { "CH", "VN" })
        {
            await rig.StoreAsync(key, country);
        }

        rig.Clock.Advance(TimeSpan.FromDays(80));
        rig.Use(key, country: "VN");
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty);
    }

    [TestCase(true, "new_network:Firing")]
    [TestCase(false, "")]
    public async Task NewNetwork_WhereItIsSet_RaisesAnAlert(bool isSet, string expected)
    {
        await using var rig = new AlertRig(alerts => alerts.NewNetwork = isSet);
        var key = await rig.AddAsync();
        rig.Use(key, address: "203.0.113.1");
        await rig.EvaluateAsync();
        rig.Clock.Advance(TimeSpan.FromHours(1));
        rig.Use(key, address: "203.0.113.200");
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty, "the same /24");
        rig.Use(key, address: "203.0.114.1");
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo(expected));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task EvaluateAsync_SecondCountryInTheFirstHour_RaisesTheSecondAlone(bool isOneFlush)
    {
        await using var rig = new AlertRig();
        var key = await rig.AddAsync();
        rig.Use(key, country: "CH");
        if (!isOneFlush)
        {
            Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty, "the first country is not new");
        }

        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        rig.Use(key, country: "VN", address: "198.51.100.1");
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        rig.Use(key, country: "CH");
        var alert = (await rig.EvaluateAsync()).Single();
        Assert.That((alert.Kind, alert.Details["country"]), Is.EqualTo(("new_country", "VN")));
        rig.Use(key, country: "CH");
        rig.Use(key, country: "VN", address: "198.51.100.1");
        rig.Use(key, country: "FR", address: "192.0.2.1");
        Assert.That((await rig.EvaluateAsync()).Single().Details["country"], Is.EqualTo("FR"));
        rig.Clock.Advance(TimeSpan.FromHours(1));
        rig.Use(key, country: "CH");
        rig.Use(key, country: "VN", address: "198.51.100.1");
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty);
    }

    [Test]
    public async Task EvaluateAsync_CountriesWhoseRowsWereUsedBefore_TakesTheFirstByTheRequest()
    {
        await using var rig = new AlertRig();
        var key = await rig.AddAsync();
        rig.Use(key, address: "203.0.113.1");
        rig.Use(key, address: "198.51.100.1");
        await rig.EvaluateAsync();
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        rig.Use(key, country: "VN", address: "198.51.100.1");
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        rig.Use(key, country: "CH", address: "203.0.113.1");
        Assert.That((await rig.EvaluateAsync()).Single().Details["country"], Is.EqualTo("CH"));
    }

    [TestCase(true, "new_network:Firing")]
    [TestCase(false, "new_network:Firing")]
    public async Task EvaluateAsync_SecondNetworkInTheFirstHour_RaisesTheSecondAlone(bool isOneFlush, string raised)
    {
        await using var rig = new AlertRig(alerts => alerts.NewNetwork = true);
        var key = await rig.AddAsync();
        rig.Use(key, address: "203.0.113.1");
        if (!isOneFlush)
        {
            Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty);
        }

        rig.Use(key, address: "198.51.100.1");
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo(raised));
        Assert.That(rig.Delivered.Single().Details["network"], Is.EqualTo("198.51.100.0/24"));
    }

    [Test]
    public async Task EvaluateAsync_SecondCountryAfterAnotherNodesInTheFirstHour_RaisesIt()
    {
        await using var rig = new AlertRig();
        var key = await rig.AddAsync();
        await rig.StoreAsync(key, "CH");
        rig.Use(key, country: "VN");
        Assert.That((await rig.EvaluateAsync()).Single().Details["country"], Is.EqualTo("VN"));
    }

    [Test]
    public async Task EvaluateAsync_FirstCountryAfterAnotherNodeSawASecond_RaisesNothing()
    {
        // The other node observed both countries, and raised the second.
        await using var rig = new AlertRig();
        var key = await rig.AddAsync();
        await rig.StoreAsync(key, "CH");
        await rig.StoreAsync(key, "VN");
        rig.Use(key, country: "CH");
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty);
    }

    [TestCase(90, "dormant_key_awake:Firing")]
    [TestCase(89, "")]
    public async Task DormantKey_Awake_RaisesAnAlert(int days, string expected)
    {
        await using var rig = new AlertRig();
        var key = await rig.AddAsync();
        rig.Use(key);
        await rig.EvaluateAsync();
        rig.Clock.Advance(TimeSpan.FromDays(days) + TimeSpan.FromHours(1));
        rig.Use(key);
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo(expected));
        rig.Clock.Advance(TimeSpan.FromHours(1));
        rig.Use(key);
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty);
    }

    [Test]
    public async Task DormantKey_NeverUsed_IsReported()
    {
        await using var rig = new AlertRig();
        var key = await rig.AddAsync();
        rig.Clock.Advance(TimeSpan.FromDays(91));
        rig.Use(key);
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo("dormant_key_awake:Firing"));
    }

    [Test]
    public async Task KeyExpiring_InAWeek_IsReportedOnceAndResolvedAtItsExpiration()
    {
        await using var rig = new AlertRig();
        await rig.AddAsync(with: key => key with { ExpiresAt = new ApiKeyExpiry(AlertRig.Start.AddDays(10)) });
        await rig.AddAsync("later", key => key with { ExpiresAt = new ApiKeyExpiry(AlertRig.Start.AddDays(100)) });
        await rig.AddAsync("ended", key => key with { ExpiresAt = new ApiKeyExpiry(AlertRig.Start.AddDays(-1)) });
        await rig.AddAsync(
            "revoked", key => key with { ExpiresAt = new ApiKeyExpiry(AlertRig.Start.AddDays(1)), RevokedAt = AlertRig.Start });
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty);
        rig.Clock.Advance(TimeSpan.FromDays(3) + TimeSpan.FromSeconds(1));
        var alert = (await rig.EvaluateAsync()).Single();
        Assert.That((alert.Kind, alert.KeyId, alert.Details["endsAt"]), Is.EqualTo(("key_expiring", "key1", "2026-03-12T00:00:00Z")));
        rig.Clock.Advance(TimeSpan.FromHours(2));
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty, "once");
        rig.Clock.Advance(TimeSpan.FromDays(7));
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo("key_expiring:Resolved"));
    }

    [Test]
    public async Task KeyExpiring_NotUsed_IsReportedInTheSecondHalfOfTheIdleTimeUntilItIsUsed()
    {
        await using var rig = new AlertRig();
        var key = await rig.AddAsync(with: key => key with { ExpiresAfterIdleDays = 10 });
        await rig.AddAsync("long", key => key with { ExpiresAfterIdleDays = 100 });
        await rig.AddAsync("disabled", key => key with { ExpiresAfterIdleDays = 1, Enabled = false });
        rig.Clock.Advance(TimeSpan.FromDays(4));
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty, "six of ten days are left");
        rig.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromHours(1));
        var alert = (await rig.EvaluateAsync()).Single();
        Assert.That(
            (alert.Kind, alert.KeyId, alert.Details["endsAt"]), Is.EqualTo(("key_expiring", "key1", "2026-03-12T01:00:00Z")));
        Assert.That(alert.Message, Is.EqualTo("API key key1 expires at 2026-03-12T01:00:00Z unless it is used."));
        rig.Clock.Advance(TimeSpan.FromHours(2));
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty, "once");
        rig.Use(key);
        rig.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That(await rig.EvaluateAndFormatAsync(), Does.Contain("key_expiring:Resolved"));
    }

    [TestCase("prolonged")]
    [TestCase("revoked")]
    [TestCase("deleted")]
    public async Task KeyExpiring_ExtendedOrRevoked_IsResolvedWithinAnHour(string how)
    {
        await using var rig = new AlertRig();
        await rig.AddAsync(with: key => key with { ExpiresAt = new ApiKeyExpiry(AlertRig.Start.AddDays(5)) });
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo("key_expiring:Firing"));
        await rig.ChangeAsync(how switch
        {
            "prolonged" => key => key with { ExpiresAt = new ApiKeyExpiry(AlertRig.Start.AddDays(50)) },
            "revoked" => key => key with { RevokedAt = rig.Clock.GetUtcNow() },
            _ => null,
        });
        rig.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo("key_expiring:Resolved"));
    }

    [Test]
    public async Task RetiringSecret_InUseNearItsDeadline_IsReported()
    {
        await using var rig = new AlertRig();
        var end = AlertRig.Start.AddDays(7);
        var key = await rig.AddAsync(with: key => key with
        {
            Secrets = [new() { Hash = new ApiKeyHash(new byte[32]), CreatedAt = AlertRig.Start }, key.Secrets[0] with { ExpiresAt = end }],
        });
        rig.Clock.Advance(TimeSpan.FromDays(5));
        rig.Use(key, secret: 1);
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty, "two days are left");
        rig.Clock.Advance(TimeSpan.FromDays(1));
        rig.Use(key, secret: 0);
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty, "the new one is used");
        rig.Use(key, secret: 1);
        var alert = (await rig.EvaluateAsync()).Single();
        Assert.That((alert.Kind, alert.Details["endsAt"]), Is.EqualTo(("retiring_secret_in_use", "2026-03-09T00:00:00Z")));
        rig.Clock.Advance(TimeSpan.FromDays(1));
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo("retiring_secret_in_use:Resolved"));
    }

    [Test]
    public async Task RetiringSecret_OfAShortGrace_IsReportedInItsSecondHalf()
    {
        await using var rig = new AlertRig();
        var key = await rig.AddAsync(with: key => key with
        {
            Secrets =
            [
                new() { Hash = new ApiKeyHash(new byte[32]), CreatedAt = AlertRig.Start },
                key.Secrets[0] with { ExpiresAt = AlertRig.Start.AddHours(2) },
            ],
        });
        rig.Clock.Advance(TimeSpan.FromMinutes(59));
        rig.Use(key, secret: 1);
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.Empty);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        rig.Use(key, secret: 1);
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo("retiring_secret_in_use:Firing"));

        // The secret was discarded, so it cannot be in use.
        await rig.ChangeAsync(changed => changed with { Secrets = [changed.Secrets[0]] });
        rig.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.That(await rig.EvaluateAndFormatAsync(), Is.EqualTo("retiring_secret_in_use:Resolved"));
    }

    [TestCase("test", "127.0.0.1", true)]
    [TestCase("live", "127.0.0.1", false)]
    [TestCase("test", "*.example.com", false)]
    public async Task TestKey_OnALiveHost_IsReported(string environment, string host, bool isTold)
    {
        await using var app = await ManagedApp.StartAsync(alerts: alerts => alerts.LiveHosts.Add(host));
        var secret = await app.App.IssueAsync(environment: environment);
        await app.UseAsync(secret, "/any");
        await app.FlushAsync();
        var seen = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<KeyActivity>(app.App.Services).TakeAll();
        Assert.That(seen["key1"].IsOnLiveHost, Is.EqualTo(isTold));
    }
}
