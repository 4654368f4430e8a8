using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ApiKeyAuth.IntegrationTests.Processes;
using Microsoft.Data.Sqlite;

namespace ApiKeyAuth.IntegrationTests.Samples.Twig;

/// <summary>Tests the sample outside of Development, with the one setting that it needs, and during an outage of its store.</summary>
[Category("Long")]
internal sealed class ProductionTests
{
    private RunningSample _sample = null!;
    private string _certificate = null!;
    private string _admin = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _certificate = Path.GetTempFileName();
        using (var key = RSA.Create(2048))
        {
            var request = new CertificateRequest("CN=Twig", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var now = TimeProvider.System.GetUtcNow();
            using var created = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(365));
            await File.WriteAllBytesAsync(_certificate, created.Export(X509ContentType.Pkcs12));
        }

        _sample = await RunningSample.StartInProductionAsync(
            "Twig", new Dictionary<string, string?> { ["OAuth__Certificate"] = _certificate });
        _admin = TwigSample.Bearer(
            (await _sample.IssueAsync(TwigSample.OfDemoOrganization with { Kind = "organization", Scopes = ["admin"] })).Secret);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await (_sample?.DisposeAsync() ?? default);
        File.Delete(_certificate);
    }

    [Test]
    public async Task Requests_WithTheCertificate_AreAnswered()
    {
        TwigSample.AssertError(await _sample.GetAsync(TwigSample.Agents), 401, "missing_api_key", "No API key was provided");
        TwigSample.AssertError(
            await _sample.GetAsync(TwigSample.Agents, "Authorization: Bearer eyJ.a.b"),
            401,
            "invalid_api_key",
            "The API key provided is invalid");
        Assert.That((await _sample.GetAsync(TwigSample.Agents, _admin)).Status, Is.EqualTo(200));
        Assert.That((await _sample.GetAsync("/login")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Start_WithoutTheCertificate_NamesTheSetting()
    {
        var (exitCode, output) = await RunningProcess.RunAsync(
            "dotnet",
            [Repository.PathOf("samples", "Twig", "bin", Repository.Configuration, "net10.0", "Twig.dll"), "--urls", "http://127.0.0.1:0"],
            Repository.PathOf("samples", "Twig"),
            new Dictionary<string, string?>(_sample.Environment) { ["ASPNETCORE_ENVIRONMENT"] = "Production" });

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Does.Contain("set OAuth:Certificate to the path of a PKCS #12 file").And.Not.Contain("Now listening"));
    }

    [Test]
    public async Task Key_DuringAnOutageOfTheStore_Is503()
    {
        var made = await _sample.SendAsync("POST", TwigSample.Keys, """{"name":"n","scopes":["chat"]}""", _admin);
        var path = $"{TwigSample.Keys}/{made.Json.GetProperty("id").GetString()}";
        await RenameTableAsync("ApiKeyAuthUsage", "Gone");
        try
        {
            foreach (var (method, address) in new[] { ("GET", path), ("GET", TwigSample.Keys), ("GET", path + "/usage"), ("DELETE", path) })
            {
                var answer = await _sample.SendAsync(method, address, null, _admin);
                Assert.That((answer.Status, SampleAnswer.Members(answer.Json)), Is.EqualTo((503, new[] { "error", "status" })), address);
                Assert.That(
                    answer.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("key_store_unavailable"), address);
                Assert.That(answer.Header("Retry-After"), Is.Not.Null, address);
            }
        }
        finally
        {
            await RenameTableAsync("Gone", "ApiKeyAuthUsage");
        }

        Assert.That((await _sample.GetAsync(path, _admin)).Status, Is.EqualTo(200));
    }

    private async Task RenameTableAsync(string from, string to)
    {
        await using var connection = new SqliteConnection(_sample.Environment["ConnectionStrings__ApiKeys"]);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"""ALTER TABLE "{from}" RENAME TO "{to}" """;
        await command.ExecuteNonQueryAsync();
    }
}
