using System.Net;
using ApiKeyAuth.Tests.Management;
using ApiKeyAuth.Usage.Counting;
using ApiKeyAuth.Usage.Countries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using IPNetwork = System.Net.IPNetwork;

namespace ApiKeyAuth.Tests.Usage;

/// <summary>
/// The country in a CDN header is trusted only from the addresses of the CDN, wherever the app calls UseForwardedHeaders.
/// </summary>
public sealed class CountryHeaderTests
{
    private const string Header = "CF-IPCountry";
    private string? _secret;

    [SetUp]
    public void Forget() => _secret = null;

    [TestCase("VN", "VN")]
    [TestCase("vn", "VN")]
    [TestCase("XX", "")]
    [TestCase("T1", "")]
    [TestCase("VNM", "")]
    [TestCase("", "")]
    public async Task Country_OfATrustedProxy_IsKept(string header, string country)
    {
        await using var app = await StartAsync("127.0.0.0/8");
        Assert.That(await CountriesAsync(app, (Header, header)), Is.EqualTo(new[] { country }));
    }

    [Test]
    public async Task Country_OfAnybodyElse_IsNotBelieved()
    {
        await using var app = await StartAsync("203.0.113.0/24");
        Assert.That(await CountriesAsync(app, (Header, "VN")), Is.EqualTo(new[] { "" }));
    }

    [Test]
    public async Task Country_SentTwice_IsIgnored()
    {
        await using var app = await StartAsync("127.0.0.1/32");
        Assert.That(await CountriesAsync(app, (Header, "VN"), (Header, "CH")), Is.EqualTo(new[] { "" }));
    }

    [Test]
    public async Task Country_WithForwardedHeaders_IsThatOfTheCallersNetwork()
    {
        await using var app = await StartAsync("127.0.0.1/32", web =>
        {
            var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor };
            options.KnownProxies.Add(IPAddress.Loopback);
            web.UseForwardedHeaders(options);
        });
        Assert.That(await CountriesAsync(app, (Header, "VN"), ("X-Forwarded-For", "198.51.100.9")), Is.EqualTo(new[] { "VN" }));
        Assert.That(
            await CountriesAsync(app, ("X-Forwarded-For", "192.0.2.9")),
            Is.EquivalentTo(new[] { "VN", "" }),
            "the header says nothing about another network");
    }

    [Test]
    public async Task Country_OfTheHeader_GoesBeforeTheResolvers()
    {
        await using var app = await StartAsync("127.0.0.1/32", services: services => services.AddSingleton<IGeoResolver>(new Swiss()));
        Assert.That(await CountriesAsync(app), Is.EqualTo(new[] { "CH" }));
        Assert.That(await CountriesAsync(app, (Header, "VN")), Is.EquivalentTo(new[] { "CH", "VN" }));
    }

    [Test]
    public async Task Count_CountriesOfOneNetwork_CountsEachRequestUnderItsOwn()
    {
        await using var app = await StartAsync("127.0.0.1/32");
        var (one, other) = (await app.App.IssueAsync(), await app.App.IssueAsync());
        foreach (var country in new[] { "VN", "VN", "vn", "CH" })
        {
            await SendAsync(app, one, (Header, country));
        }

        for (var index = 0; index < 3; index++)
        {
            await SendAsync(app, one);
        }

        await SendAsync(app, other);
        await app.FlushAsync();
        Assert.That(
            (await app.HistoryAsync()).Countries, Is.EquivalentTo(new Dictionary<string, long> { ["VN"] = 3, ["CH"] = 1, [""] = 3 }));
        Assert.That((await app.HistoryAsync("key2")).Countries, Is.EquivalentTo(new Dictionary<string, long> { [""] = 1 }), "another key");
    }

    [Test]
    public async Task Count_OfARejectedKey_KeepsItsCountry()
    {
        await using var app = await StartAsync("127.0.0.1/32");
        var secret = await app.App.IssueAsync(key => key with { Enabled = false });
        using var answer = await app.App.SendAsync("/any", ("X-API-Key", secret), (Header, "VN"));
        await app.FlushAsync();
        Assert.That((await app.HistoryAsync()).Countries, Is.EquivalentTo(new Dictionary<string, long> { ["VN"] = 1 }));
    }

    [Test]
    public async Task RunAsync_HeaderAndResolverNameOneCountry_StoresOneUse()
    {
        await using var app = await StartAsync("127.0.0.1/32", services: services => services.AddSingleton<IGeoResolver>(new Swiss()));
        var secret = await app.App.IssueAsync();
        await SendAsync(app, secret);
        await SendAsync(app, secret, (Header, "CH"));
        await SendAsync(app, secret, (Header, "VN"));
        await app.FlushAsync();
        Assert.That((await app.HistoryAsync()).Countries, Is.EquivalentTo(new Dictionary<string, long> { ["CH"] = 2, ["VN"] = 1 }));
        Assert.That(app.Store.Batches, Is.EqualTo(new[] { 2 }), "no two uses of a batch are alike");
        Assert.That(app.App.Services.GetRequiredService<UsageCounter>().Budget.Used, Is.EqualTo(3), "the three rows that go on counting");
    }

    private static Task<ManagedApp> StartAsync(
        string proxies, Action<WebApplication>? before = null, Action<IServiceCollection>? services = null) =>
        ManagedApp.StartAsync(
        options =>
        {
            options.Usage.CountryHeader = Header;
            options.Usage.CountryProxies.Add(IPNetwork.Parse(proxies));
        },
        services,
        before: before);

    /// <summary>Sends a request with the app's key, and returns the countries in its history.</summary>
    private async Task<IEnumerable<string>> CountriesAsync(ManagedApp app, params (string Name, string Value)[] headers)
    {
        var secret = _secret ??= await app.App.IssueAsync();
        await SendAsync(app, secret, headers);
        await app.FlushAsync();
        return (await app.HistoryAsync()).Countries.Keys;
    }

    private static async Task SendAsync(ManagedApp app, string secret, params (string Name, string Value)[] headers)
    {
        using var answer = await app.App.SendAsync("/any", [("X-API-Key", secret), .. headers]);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private sealed class Swiss : IGeoResolver
    {
        public string? FindCountry(IPNetwork network) => "CH";
    }
}
