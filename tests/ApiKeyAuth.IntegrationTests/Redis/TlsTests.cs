using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ApiKeyAuth.Redis;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ApiKeyAuth.IntegrationTests.Redis;

/// <summary>A server that accepts TLS only, with a client certificate and an ACL user.</summary>
internal sealed class TlsTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tls-");

    [OneTimeTearDown]
    public void Delete() => _folder.Delete(recursive: true);

    [Test]
    public async Task AddRedis_WithCertificatesAndAUser_Decides()
    {
        using var certificate = MakeCertificate();
        var (chain, key) = (Path.Combine(_folder.FullName, "server.crt"), Path.Combine(_folder.FullName, "server.key"));
        await File.WriteAllTextAsync(chain, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(key, certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var port = FreePort.Find();
        await using var server = await RedisServer.StartAsync(
            "--tls-port", $"{port}", "--tls-cert-file", chain, "--tls-key-file", key, "--tls-ca-cert-file", chain, "--tls-auth-clients",
            "yes",
            "--user", "default", "off", "--user", "app", "on", ">secret", "~*", "&*", "+@all");
        var options = ConfigurationOptions.Parse($"127.0.0.1:{port},ssl=true,user=app,password=secret");
        options.CertificateValidation += (_, presented, _, _) => presented?.GetCertHashString() == certificate.GetCertHashString();
        options.CertificateSelection += (_, _, _, _, _) => certificate;

        await using var node = await RedisNode.StartAsync(builder => builder.AddRedis(options, redis =>
            (redis.Timeout, redis.Outage) = (TimeSpan.FromSeconds(5), ApiKeyRedisOutage.FailClosed)));

        Assert.That((await node.CheckAsync(RedisNode.Subject("5/minute"))).Remaining, Is.EqualTo(4));
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
