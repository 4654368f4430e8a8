using System.Net;
using ApiKeyAuth.Tests.Management;
using ApiKeyAuth.Usage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using IPNetwork = System.Net.IPNetwork;

namespace ApiKeyAuth.Tests.Usage;

/// <summary>The country a CDN tells: believed of its own addresses alone, wherever the app puts forwarded headers.</summary>
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
    public async Task Country_OfATrustedProxy_IsKept(string told, string kept)
    {
        await using var app = await StartAsync("127.0.0.0/8");
        Assert.That(await CountriesAsync(app, (Header, told)), Is.EqualTo(new[] { kept }));
    }

    [Test]
    public async Task Country_OfAnybodyElse_IsNotBelieved()
    {
        await using var app = await StartAsync("203.0.113.0/24");
        Assert.That(await CountriesAsync(app, (Header, "VN")), Is.EqualTo(new[] { "" }));
    }

    [Test]
    public async Task Country_ToldTwice_IsAmbiguousAndNotBelieved()
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
        Assert.That(await CountriesAsync(app, ("X-Forwarded-For", "192.0.2.9")), Is.EquivalentTo(new[] { "VN", "" }), "another network is not told of");
    }

    [Test]
    public async Task Country_OfTheHeader_GoesBeforeTheResolvers()
    {
        await using var app = await StartAsync("127.0.0.1/32", services: services => services.AddSingleton<IGeoResolver>(new Swiss()));
        Assert.That(await CountriesAsync(app), Is.EqualTo(new[] { "CH" }));
        Assert.That(await CountriesAsync(app, (Header, "VN")), Is.EquivalentTo(new[] { "CH", "VN" }));
    }

    private static Task<ManagedApp> StartAsync(string proxies, Action<WebApplication>? before = null, Action<IServiceCollection>? services = null) => ManagedApp.StartAsync(
        options =>
        {
            options.Usage.CountryHeader = Header;
            options.Usage.CountryProxies.Add(IPNetwork.Parse(proxies));
        },
        services,
        before: before);

    /// <summary>Sends a request with the app's one key, and gives the countries its history then has.</summary>
    private async Task<IEnumerable<string>> CountriesAsync(ManagedApp app, params (string Name, string Value)[] headers)
    {
        var secret = _secret ??= await app.App.IssueAsync();
        using var answer = await app.App.SendAsync("/any", [("X-API-Key", secret), .. headers]);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await app.FlushAsync();
        return (await app.HistoryAsync()).Countries.Keys;
    }

    private sealed class Swiss : IGeoResolver
    {
        public string? FindCountry(IPNetwork network) => "CH";
    }
}
