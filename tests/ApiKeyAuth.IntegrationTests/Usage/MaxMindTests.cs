using System.Net;
using ApiKeyAuth.Usage.Countries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.IntegrationTests.Usage;

/// <summary>Countries from a database file: found, reloaded when it changes, and an error at startup if it is invalid.</summary>
internal sealed class MaxMindTests
{
    private readonly FakeTimeProvider _clock = new();
    private string _path = null!;

    [SetUp]
    public void Create() => _path = Path.Combine(Directory.CreateTempSubdirectory("countries-").FullName, "countries.mmdb");

    [TearDown]
    public void Delete() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [TestCase(true)]
    [TestCase(false)]
    public async Task FindCountry_KnownAndUnknownNetworks_TellsWhatTheFileHolds(bool isFlat)
    {
        CountryDatabase.Write(_path, isFlat, ("198.51.100.0/24", "VN"), ("192.0.0.0/16", "CH"), ("2001:db8:7::/48", "JP"));
        using var host = await StartAsync(_path);
        var resolver = host.Services.GetRequiredService<IGeoResolver>();
        Assert.That(
            new[]
            {
                "198.51.100.0/24",
                "192.0.2.0/24",
                "2001:db8:7::/48",
                "203.0.113.0/24",
                "2001:db8:8::/48",
            }.Select(network => resolver.FindCountry(IPNetwork.Parse(network))),
            Is.EqualTo(new[] { "VN", "CH", "JP", null, null }));
    }

    [Test]
    public async Task FindCountry_FileChangesAndBreaks_ReloadsItAndKeepsThePreviousData()
    {
        var network = IPNetwork.Parse("198.51.100.0/24");
        CountryDatabase.Write(_path, isFlat: false, ("198.51.100.0/24", "VN"));
        using var host = await StartAsync(_path);
        var resolver = host.Services.GetRequiredService<IGeoResolver>();
        Assert.That(resolver.FindCountry(network), Is.EqualTo("VN"));

        CountryDatabase.Write(_path, isFlat: false, ("198.51.100.0/24", "CH"), ("192.0.2.0/24", "VN"));
        Assert.That(resolver.FindCountry(network), Is.EqualTo("VN"), "not at every flush");
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(resolver.FindCountry(network), Is.EqualTo("CH"));

        await File.WriteAllTextAsync(_path, "no database");
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(resolver.FindCountry(network), Is.EqualTo("CH"));
        File.Delete(_path);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(resolver.FindCountry(network), Is.EqualTo("CH"));
    }

    [Test]
    public async Task Start_WithoutAFileOrWithAnother_NamesTheCall()
    {
        Assert.That(
            () => StartAsync(_path),
            Throws.InvalidOperationException.With.Message.StartsWith("AddMaxMind(): the file cannot be opened (FileNotFoundException)")
                .And.Message.Not.Contains(_path));
        await File.WriteAllTextAsync(_path, "no database");
        Assert.That(
            () => StartAsync(_path), Throws.InvalidOperationException.With.Message.StartsWith("AddMaxMind(): the file is not a database"));
    }

    [Test]
    public void AddMaxMind_BesideAnotherResolver_SaysToKeepOne() =>
        Assert.That(
            () => new ServiceCollection().AddApiKeyAuth().AddMaxMind("a").AddMaxMind("b"),
            Throws.InvalidOperationException.With.Message.Contains("keep one of them"));

    private async Task<IHost> StartAsync(string path)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.Services.AddApiKeyAuth().AddMaxMind(path);
        var host = builder.Build();
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }
}
