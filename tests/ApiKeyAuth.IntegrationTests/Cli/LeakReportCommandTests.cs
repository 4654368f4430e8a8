using System.Security.Cryptography;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Leaks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Tests <c>scan --report</c> against an app that takes reports, and against a database.</summary>
internal sealed class LeakReportCommandTests
{
    private ToolHost _tool = null!;

    [SetUp]
    public void Create() => _tool = new ToolHost();

    [TearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    public async Task Report_ToAnApp_IsSignedAndRevokesTheKeys()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var app = await StartAppAsync(key.ExportSubjectPublicKeyInfoPem());
        var (first, second) = (await IssueAsync(app), await IssueAsync(app));
        await WriteKeyAsync(key.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(_tool.PathOf("code.txt"), $"a = '{first.Secret}'\nb = '{new ApiKeyFormat().Generate("live")}'\n");
        string[] scan = ["scan", "code.txt", "--report", $"{app.Urls.First()}/leaks", "--report-key", "leaks.pem", "--report-key-id", "ci"];

        var dry = await _tool.RunAsync([.. scan, "--dry-run"]);
        Assert.That(dry.Error, Does.EndWith("Would report 2 key(s). Nothing was reported.\n"));
        Assert.That(await StatusAsync(app, first), Is.EqualTo(ApiKeyStatus.Active));
        var refused = await _tool.RunAsync(scan);
        Assert.That(refused.ExitCode, Is.EqualTo(2), "a script must pass --yes");

        var reported = await _tool.RunAsync([.. scan, "--yes"]);

        Assert.That(reported.ExitCode, Is.EqualTo(1), "keys were found");
        Assert.That(reported.Error, Does.EndWith("Reported 2 key(s), of which 1 belong to the app.\n"));
        Assert.That(reported.Output + reported.Error, Does.Not.Contain(first.Secret));
        Assert.That(await StatusAsync(app, first), Is.EqualTo(ApiKeyStatus.Revoked));
        Assert.That(await StatusAsync(app, second), Is.EqualTo(ApiKeyStatus.Active));
    }

    [Test]
    public async Task Report_WithAnotherKey_IsRejected()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var app = await StartAppAsync(key.ExportSubjectPublicKeyInfoPem());
        var issued = await IssueAsync(app);
        await WriteKeyAsync(other.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(_tool.PathOf("code.txt"), issued.Secret);

        var result = await _tool.RunAsync(
            "scan", "code.txt", "--report", $"{app.Urls.First()}/leaks", "--report-key", "leaks.pem", "--report-key-id", "ci", "--yes");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.EndWith(
            "error: The app rejected the report. Add the public key and its identifier to LeakReports:PublicKeys of the app.\n"));
        Assert.That(await StatusAsync(app, issued), Is.EqualTo(ApiKeyStatus.Active));
    }

    [Test]
    public async Task Report_ToTheDatabase_RevokesTheKey()
    {
        await using var database = await KeysDatabase.CreateSqliteAsync();
        var key = await database.IssueAsync(new NewApiKey { Name = "Ada" });
        await File.WriteAllTextAsync(_tool.PathOf("code.txt"), key.Secret);

        var result = await _tool.RunAsync(
            "scan", "code.txt", "--report", "database", "--connection", database.ConnectionString, "--yes");

        Assert.That(result.Error, Does.EndWith("Reported 1 key(s), of which 1 belong to the app.\n"));
        var shown = await _tool.RunAsync("keys", "show", key.Key.Id, "-c", database.ConnectionString, "--json", "status,revocationReason");
        Assert.That(shown.Output, Does.StartWith("""{"status":"revoked","revocationReason":"The secret was found at """));
    }

    [Test]
    public async Task Report_WrongCommandLine_IsOneLine()
    {
        await File.WriteAllTextAsync(_tool.PathOf("code.txt"), "nothing");
        (await _tool.RunAsync("scan", "code.txt", "--report", "database")).AssertFailed(2, "--report database needs --connection.");
        (await _tool.RunAsync("scan", "code.txt", "--report", "https://example.com/leaks")).AssertFailed(
            2,
            "A report must be signed. Pass --report-key with a private key (ECDSA P-256, PEM), and --report-key-id with its identifier.");
        (await _tool.RunAsync(
            "scan", "code.txt", "--report", "http://example.com/leaks", "--report-key", "leaks.pem", "--report-key-id", "ci"))
            .AssertFailed(2, "The address would send the key in plain text. Use https.");
        (await _tool.RunAsync(
            "scan", "code.txt", "--report", "https://example.com/leaks", "--report-key", "leaks.pem", "--report-key-id", "ci"))
            .AssertFailed(1, "The file leaks.pem does not exist. Pass the private key by --report-key.");
        await WriteKeyAsync("no key");
        (await _tool.RunAsync(
            "scan", "code.txt", "--report", "https://example.com/leaks", "--report-key", "leaks.pem", "--report-key-id", "ci"))
            .AssertFailed(1, "The file leaks.pem holds no private key of ECDSA in PEM. Pass another file by --report-key.");
    }

    private async Task WriteKeyAsync(string text)
    {
        await File.WriteAllTextAsync(_tool.PathOf("leaks.pem"), text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_tool.PathOf("leaks.pem"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static async Task<WebApplication> StartAppAsync(string publicKey)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddApiKeyAuth(options =>
        {
            options.LeakReports.PublicKeys["ci"] = publicKey;
            options.LeakReports.Action = ApiKeyLeakAction.Revoke;
        }).AddInMemoryStore();
        var app = builder.Build();
        app.UseApiKeyAuth();
        app.MapApiKeyLeakReports("/leaks");
        await app.StartAsync();
        return app;
    }

    private static async Task<IssuedApiKey> IssueAsync(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var issued = await scope.ServiceProvider.GetRequiredService<ApiKeyManager>()
            .CreateAsync(ApiKeyCaller.System, new NewApiKey { Name = "Ada" });
        return issued.Value!;
    }

    private static async Task<ApiKeyStatus> StatusAsync(WebApplication app, IssuedApiKey key)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var read = await scope.ServiceProvider.GetRequiredService<ApiKeyManager>().GetAsync(ApiKeyCaller.System, key.Key.Id);
        return read.Value!.GetStatus(TimeProvider.System.GetUtcNow());
    }
}
