using System.Security.Cryptography;
using ApiKeyAuth.Management.Leaks;
using ApiKeyAuth.Tests.Startup;
using ApiKeyAuth.Tests.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests the settings of signed reports of leaked keys, and what the endpoint needs to be mapped.</summary>
public sealed class LeakWiringTests
{
    private static readonly string PublicKey = CreatePem(ECCurve.NamedCurves.nistP256, isPrivate: false);

    private static readonly TestCaseData[] InvalidKeys =
    [
        new TestCaseData("").SetArgDisplayNames("empty"),
        new TestCaseData("hunter2").SetArgDisplayNames("no PEM"),
        new TestCaseData("-----BEGIN PUBLIC KEY-----\naHVudGVyMg==\n-----END PUBLIC KEY-----").SetArgDisplayNames("no key"),
        new TestCaseData(CreatePem(ECCurve.NamedCurves.nistP256, isPrivate: true)).SetArgDisplayNames("private key"),
        new TestCaseData(CreatePem(ECCurve.NamedCurves.nistP384, isPrivate: false)).SetArgDisplayNames("other curve"),
        new TestCaseData(PublicKey + "\n" + PublicKey).SetArgDisplayNames("two keys"),
        new TestCaseData(CreateRsaPem()).SetArgDisplayNames("RSA"),
    ];

    [Test]
    public async Task Start_MappedWithoutPublicKeys_NamesTheSetting()
    {
        var start = await StartUp.RunJsonAsync("{}", endpoints: app => app.MapApiKeyLeakReports("/leaks"));
        Assert.That(start.Problems, Is.EqualTo(new[]
        {
            "MapApiKeyLeakReports() requires the public keys that reports are signed with; write them as PEM under "
            + "ApiKeyAuth:LeakReports:PublicKeys, each by its identifier.",
        }));
    }

    [Test]
    public async Task Start_NotMappedWithoutPublicKeys_Succeeds() =>
        Assert.That((await StartUp.RunJsonAsync("""{"ApiKeyAuth":{"LeakReports":{"Action":"Alert"}}}""")).Error, Is.Null);

    [Test]
    public void Start_NoWritableStore_NamesTheFix() =>
        Assert.That(
            async () => await TestApp.StartAsync(
                web => web.MapApiKeyLeakReports(),
                options => options.LeakReports.PublicKeys["a"] = PublicKey,
                store: new ScriptedStore()),
            Throws.InvalidOperationException.With.Message.EndsWith(
                "  - MapApiKeyLeakReports() requires a writable store; call AddInMemoryStore(), or AddStore<T>() with an "
                + "IWritableApiKeyStore."));

    [Test]
    public void Start_UnknownEnvironment_NamesTheKnownOnes() =>
        Assert.That(
            async () => await LeakApp.StartAsync(options => options.LeakReports.Environments["prod"] = ApiKeyLeakAction.Alert),
            Throws.InvalidOperationException.With.Message.EndsWith(
                "  - ApiKeyAuth:LeakReports:Environments:prod is not an environment of any format; known are live, test."));

    [TestCaseSource(nameof(InvalidKeys))]
    public async Task Start_InvalidPublicKey_IsNamedWithoutItsValue(string pem)
    {
        var start = await StartUp.RunAsync(builder => builder.Services.AddApiKeyAuth(options =>
        {
            options.LeakReports.PublicKeys["good"] = PublicKey;
            options.LeakReports.PublicKeys["bad"] = pem;
        }).AddInMemoryStore());
        Assert.That(start.Problems, Is.EqualTo(new[]
        {
            "ApiKeyAuth:LeakReports:PublicKeys:bad is not a public key; write an ECDSA key on the curve P-256 as PEM, which begins with "
            + "-----BEGIN PUBLIC KEY-----.",
        }));
        Assert.That(start.Everything, Does.Not.Contain("hunter2").And.Not.Contain("aHVudGVyMg").And.Not.Contain("MHcC"));
    }

    [Test]
    public async Task Start_PublicKeyInJson_AcceptsSignedReports()
    {
        var json = $$"""{"ApiKeyAuth":{"LeakReports":{"PublicKeys":{"a":"{{PublicKey.ReplaceLineEndings("\\n")}}" } } } }""";
        Assert.That((await StartUp.RunJsonAsync(json, endpoints: app => app.MapApiKeyLeakReports())).Error, Is.Null);
    }

    [Test]
    public void Map_WithoutAddApiKeyAuth_Throws()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        Assert.That(() => app.MapApiKeyLeakReports(), Throws.InvalidOperationException.With.Message.EqualTo(
            "MapApiKeyLeakReports() requires builder.Services.AddApiKeyAuth() before the app is built."));
    }

    [Test]
    public async Task OpenApi_Document_DescribesTheEndpoint()
    {
        await using var app = await ManagedApp.StartAsync(
            options => options.LeakReports.PublicKeys["a"] = PublicKey,
            services: all => all.AddOpenApi(),
            endpoints: web =>
            {
                web.MapOpenApi();
                web.MapApiKeyLeakReports();
                web.MapApiKeyLeakReports("/more-leaks");
            });
        var document = await app.GetAsync("/openapi/v1.json", null);
        Assert.That(document.Status, Is.EqualTo(200), document.Body);
        var operation = document.Json.GetProperty("paths").GetProperty("/leaks").GetProperty("post");
        Assert.That(operation.GetProperty("operationId").GetString(), Is.EqualTo("ReportLeakedApiKeys"));
        Assert.That(
            operation.GetProperty("responses").EnumerateObject().Select(response => response.Name),
            Is.EquivalentTo(new[] { "200", "400", "403", "429", "503" }));
        Assert.That(
            document.Json.GetProperty("components").GetProperty("schemas").GetProperty("LeakLabelDocument").GetProperty("properties")
                .EnumerateObject().Select(member => member.Name),
            Is.EquivalentTo(new[] { "token_hash", "token_type", "label" }));
    }

    private static string CreatePem(ECCurve curve, bool isPrivate)
    {
        using var key = ECDsa.Create(curve);
        return isPrivate ? key.ExportECPrivateKeyPem() : key.ExportSubjectPublicKeyInfoPem();
    }

    private static string CreateRsaPem()
    {
        using var key = RSA.Create(2_048);
        return key.ExportSubjectPublicKeyInfoPem();
    }
}
