using ApiKeyAuth.Alerts.Rules;
using ApiKeyAuth.Tests.Usage;
using Microsoft.Extensions.DependencyInjection;
using IPNetwork = System.Net.IPNetwork;

namespace ApiKeyAuth.Tests.Management;

/// <summary>A remote verification checks the address from which a key was used, and never that of the verifying program.</summary>
public sealed class VerifyAddressTests
{
    private const string Path = "/api-keys/verify";

    [TestCase("198.51.100.9", true)]
    [TestCase("::ffff:198.51.100.9", true)]
    [TestCase("2001:db8:0:1::7", true)]
    [TestCase("198.51.101.9", false)]
    [TestCase("127.0.0.1", false)]
    [TestCase("2001:db9::7", false)]
    public async Task Verify_Address_IsJudgedByTheKeysNetworks(string address, bool isInside)
    {
        await using var app = await ManagedApp.StartAsync();
        var (admin, secret) = await IssueAsync(app);
        var answer = await app.PostAsync(Path, admin, $$"""{"key":"{{secret}}","address":"{{address}}"}""");
        Assert.That(
            (answer["valid"], answer.Code, answer["networks"], answer["networksChecked"]),
            Is.EqualTo(isInside
                ? ("True", null, """["198.51.100.0/24","2001:db8::/32"]""", "True")
                : ("False", "ip_not_allowed", (string?)null, (string?)null)));
    }

    [TestCase("")]
    [TestCase(",\"address\":null")]
    public async Task Verify_WithoutAnAddress_ListsTheNetworksAndSaysThatTheyWereNotChecked(string member)
    {
        await using var app = await ManagedApp.StartAsync();
        var (admin, secret) = await IssueAsync(app);
        var answer = await app.PostAsync(Path, admin, $$"""{"key":"{{secret}}"{{member}}}""");
        Assert.That(
            (answer["valid"], answer["networks"], answer["networksChecked"]),
            Is.EqualTo(("True", """["198.51.100.0/24","2001:db8::/32"]""", "False")));
        Assert.That(await app.UseAsync(secret, "/any"), Is.EqualTo(403), "a request that carries the key is judged by its own address");
    }

    [TestCase("")]
    [TestCase(",\"address\":\"198.51.100.9\"")]
    public async Task Verify_KeyWithoutNetworks_NamesNone(string member)
    {
        await using var app = await ManagedApp.StartAsync();
        var admin = await app.AdminAsync();
        var secret = await app.App.IssueAsync();
        var answer = await app.PostAsync(Path, admin, $$"""{"key":"{{secret}}"{{member}}}""");
        Assert.That((answer["valid"], answer["networks"], answer["networksChecked"]), Is.EqualTo(("True", (string?)null, (string?)null)));
    }

    [TestCase("\"\"")]
    [TestCase("\"198.51.100\"")]
    [TestCase("\"0198.51.100.9\"")]
    [TestCase("\"3325256713\"")]
    [TestCase("\"0xc6.51.100.9\"")]
    [TestCase("\"198.51.100.0/24\"")]
    [TestCase("\"198.51.100.9:80\"")]
    [TestCase("\"198.51.100.9, 198.51.100.10\"")]
    [TestCase("\" 198.51.100.9\"")]
    [TestCase("\"[2001:db8::7]\"")]
    [TestCase("\"[2001:db8::7]:80\"")]
    [TestCase("\"2001:db8::7]:80\"")]
    [TestCase("\"fe80::1%1\"")]
    [TestCase("\"::ffff:0198.51.100.9\"")]
    [TestCase("\"localhost\"")]
    [TestCase("3325256713")]
    [TestCase("[\"198.51.100.9\"]")]
    public async Task Verify_InvalidAddress_IsRefused(string address)
    {
        await using var app = await ManagedApp.StartAsync();
        var (admin, secret) = await IssueAsync(app);
        var answer = await app.PostAsync(Path, admin, $$"""{"key":"{{secret}}","address":{{address}}}""");
        Assert.That((answer.Status, answer.Code, string.Join(' ', answer.Fields)), Is.EqualTo((400, "invalid_request", "address")));
    }

    [Test]
    public async Task Verify_Use_CountsTheNamedNetworkAndNeverTheVerifiers()
    {
        await using var app = await ManagedApp.StartAsync(options =>
        {
            options.Usage.CountryHeader = "CF-IPCountry";
            options.Usage.CountryProxies.Add(IPNetwork.Parse("127.0.0.0/8"));
        });
        app.App.Client.DefaultRequestHeaders.Add("CF-IPCountry", "VN");
        var (admin, secret) = await IssueAsync(app);
        await app.PostAsync(Path, admin, $$"""{"key":"{{secret}}"}""");
        await app.FlushAsync();
        var unnamed = await app.HistoryAsync("key2");
        Assert.That((unnamed.NetworkCount, unnamed.Countries), Is.EqualTo((0L, new Dictionary<string, long> { [""] = 1 })));

        await app.PostAsync(Path, admin, $$"""{"key":"{{secret}}","address":"198.51.100.9"}""");
        await app.PostAsync(Path, admin, $$"""{"key":"{{secret}}","address":"192.0.2.9"}""");
        await app.FlushAsync();
        var places = app.App.Services.GetRequiredService<KeyActivity>().TakeAll();
        Assert.That(places["key2"].Networks.Keys, Is.EqualTo(new[] { "198.51.100.0/24", "192.0.2.0/24" }), "also of a key that is refused");
        Assert.That((await app.HistoryAsync("key2")).Countries, Is.EqualTo(new Dictionary<string, long> { [""] = 3 }));
        var own = places["key1"];
        Assert.That((own.Networks.Keys, own.Countries.Keys), Is.EqualTo((new[] { "127.0.0.0/24" }, new[] { "VN" })), "the verifier's own");
    }

    [Test]
    public async Task Verify_ManyBadKeys_AreNotCountedAgainstTheVerifiersNetwork()
    {
        await using var app = await ManagedApp.StartAsync();
        var (admin, secret) = await IssueAsync(app);
        for (var index = 0; index < 101; index++)
        {
            var answer = await app.PostAsync(Path, admin, $$"""{"key":"{{secret}}","address":"192.0.2.9"}""");
            Assert.That(answer.Code, Is.EqualTo("ip_not_allowed"));
        }

        Assert.That(await app.UseAsync(app.App.NewSecret(), "/any"), Is.EqualTo(401));
    }

    /// <summary>Issues <c>key1</c>, which verifies keys, and <c>key2</c>, which is bound to networks.</summary>
    private static async Task<(string Admin, string Secret)> IssueAsync(ManagedApp app)
    {
        IPNetwork[] networks = [IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("2001:db8::/32")];
        return (await app.AdminAsync(), await app.App.IssueAsync(key => key with { Networks = networks }));
    }
}
