using ApiKeyAuth.Alerts;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Leaks;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests what a correctly signed report of leaked keys does.</summary>
public sealed class LeakReportTests
{
    private const string Message = "The secret of key key1 leaked; it was found at github.com (commit). ";

    [Test]
    public async Task Report_KeysAndOthers_LabelsEachAndRevokesTheKeys()
    {
        await using var app = await LeakApp.StartAsync();
        var secret = await app.IssueAsync();
        var unknown = app.App.NewSecret();
        string[] tokens = [secret, unknown, "some_token", secret];
        Assert.That(await app.Keys.UseAsync(secret), Is.EqualTo(200));

        var answer = await app.ReportAsync("[" + string.Join(',', tokens.Select(token => LeakApp.Report(token)[1..^1])) + "]");

        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        Assert.That(answer.Body, Is.EqualTo("[" + string.Join(',', tokens.Select(token => LeakApp.Label(token, token == secret))) + "]"));
        Assert.That(answer.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(await app.Keys.UseAsync(secret), Is.EqualTo(401));
        Assert.That((await app.ReportAsync("[]")).Body, Is.EqualTo("[]"));
    }

    [Test]
    public async Task Report_Key_IsAuditedWithSourceAndHostAndWithoutTheSecret()
    {
        await using var app = await LeakApp.StartAsync(options => options.LeakReports.RotationGrace = TimeSpan.Zero);
        var secret = await app.IssueAsync();
        await app.ReportAsync(LeakApp.Report(secret, "issue_comment", $"https://GitHub.com/{secret}?q={secret}"));

        var entry = await app.GetAuditEntryAsync();
        Assert.That(
            (entry.Action, entry.Actor, entry.Address), Is.EqualTo(("revoke", "leak-report:issue_comment@github.com", "127.0.0.1")));
        Assert.That(entry.Changes, Does.Contain("\"to\":\"The secret was found at github.com (issue_comment).\""));
        Assert.That((await app.GetAsync()).RevocationReason, Is.EqualTo("The secret was found at github.com (issue_comment)."));
        var everything = string.Join('\n', app.App.Logs.Entries.Select(log => log.Text).Append(entry.ToString()));
        Assert.That(everything, Does.Not.Contain(secret).And.Not.Contain(secret[..^6]));
    }

    [TestCase("commit", "ftp://host", "leak-report:commit@host")]
    [TestCase("a b\r\nc", "", "leak-report:unknown@unknown")]
    [TestCase("commit", "no address", "leak-report:commit@unknown")]
    [TestCase("commit", "https://[::1]:80/a", "leak-report:commit@::1")]
    [TestCase("commit", "https://@secret.example/", "leak-report:commit@secret.example")]
    public async Task Report_AnyOrigin_IsStoredAsHostOnly(string source, string url, string actor)
    {
        await using var app = await LeakApp.StartAsync();
        await app.ReportAsync(LeakApp.Report(await app.IssueAsync(), source, url));
        Assert.That((await app.GetAuditEntryAsync()).Actor, Is.EqualTo(actor));
    }

    [Test]
    public async Task Report_SecretInSourceOrHost_IsMasked()
    {
        await using var app = await LeakApp.StartAsync();
        var secret = await app.IssueAsync();
        await app.ReportAsync(LeakApp.Report(secret, secret, $"https://{secret.Replace('_', '-')}.example/"));
        var entry = await app.GetAuditEntryAsync();
        Assert.That(entry.Actor, Does.StartWith("leak-report:key_test_***@"));

        // The host of an address has neither upper case nor underscores, so what is left of a key in it cannot be used.
        Assert.That(entry.ToString(), Does.Not.Contain(secret[9..^6]));
    }

    [Test]
    public async Task Report_Environments_ActAsConfigured()
    {
        await using var app = await LeakApp.StartAsync(options =>
        {
            options.LeakReports.Action = ApiKeyLeakAction.Alert;
            options.LeakReports.Environments["live"] = ApiKeyLeakAction.Revoke;
        });
        var test = await app.IssueAsync();
        var live = await app.IssueAsync("live");

        Assert.That((await app.ReportAsync(LeakApp.Report(test))).Body, Is.EqualTo($"[{LeakApp.Label(test, true)}]"));
        Assert.That((await app.ReportAsync(LeakApp.Report(live))).Body, Is.EqualTo($"[{LeakApp.Label(live, true)}]"));

        Assert.That((await app.Keys.UseAsync(test), await app.Keys.UseAsync(live)), Is.EqualTo((200, 401)));
        Assert.That((await app.GetAsync()).Version, Is.EqualTo(1), "an alert changes nothing");
    }

    [Test]
    public async Task Report_Rotate_KeepsTheSecretForTheGraceAndTheOwnerReplacesIt()
    {
        await using var app = await LeakApp.StartAsync(options => options.LeakReports.Action = ApiKeyLeakAction.Rotate);
        var secret = await app.IssueAsync();
        await app.ReportAsync(LeakApp.Report(secret));
        await app.ReportAsync(LeakApp.Report(secret));

        var entry = await app.GetAuditEntryAsync();
        Assert.That((entry.Action, entry.Actor), Is.EqualTo(("rotate", "leak-report:commit@github.com")));
        var key = await app.GetAsync();
        Assert.That(key.Version, Is.EqualTo(2), "a repeated report changes nothing");
        var end = app.App.Clock.GetUtcNow().AddHours(1);
        Assert.That(key.Secrets.Select(each => each.ExpiresAt), Is.EqualTo(new DateTimeOffset?[] { null, end }));
        Assert.That(await app.Keys.UseAsync(secret), Is.EqualTo(200));

        var replaced = await app.Keys.ManageAsync(
            manager => manager.RotateAsync(ApiKeyCaller.System, "key1", new ApiKeyRotation { DiscardCurrent = true }));
        Assert.That((await app.Keys.UseAsync(secret), await app.Keys.UseAsync(replaced.Value!.Secret)), Is.EqualTo((200, 200)));
        app.App.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That((await app.Keys.UseAsync(secret), await app.Keys.UseAsync(replaced.Value.Secret)), Is.EqualTo((401, 200)));
    }

    [TestCase(ApiKeyLeakAction.Rotate)]
    [TestCase(ApiKeyLeakAction.Revoke)]
    public async Task Report_RetiringSecret_EndsThatSecretOnly(ApiKeyLeakAction action)
    {
        await using var app = await LeakApp.StartAsync(options => options.LeakReports.Action = action);
        var secret = await app.IssueAsync();
        var rotated = await RotateAsync(app, TimeSpan.FromDays(2));

        await app.ReportAsync(LeakApp.Report(secret));

        Assert.That((await app.GetAuditEntryAsync()).Action, Is.EqualTo("revoke-secret"));
        Assert.That(await app.Keys.UseAsync(secret), Is.EqualTo(action == ApiKeyLeakAction.Rotate ? 200 : 401));
        app.App.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That((await app.Keys.UseAsync(secret), await app.Keys.UseAsync(rotated)), Is.EqualTo((401, 200)));
    }

    [Test]
    public async Task Report_CurrentSecretDuringARotation_KeepsTheOlderSecret()
    {
        await using var app = await LeakApp.StartAsync(options => options.LeakReports.Action = ApiKeyLeakAction.Rotate);
        var older = await app.IssueAsync();
        var leaked = await RotateAsync(app, TimeSpan.FromDays(2));

        await app.ReportAsync(LeakApp.Report(leaked));
        app.App.Clock.Advance(TimeSpan.FromHours(1));

        Assert.That((await app.Keys.UseAsync(leaked), await app.Keys.UseAsync(older)), Is.EqualTo((401, 200)));
        Assert.That((await app.GetAsync()).Secrets, Has.Count.EqualTo(3));
    }

    [TestCase(ApiKeyLeakAction.Alert)]
    [TestCase(ApiKeyLeakAction.Rotate)]
    [TestCase(ApiKeyLeakAction.Revoke)]
    public async Task Report_RevokedKey_IsATruePositiveAndStaysAsItIs(ApiKeyLeakAction action)
    {
        await using var app = await LeakApp.StartAsync(options => options.LeakReports.Action = action);
        var secret = await app.IssueAsync(with: key => key with { RevokedAt = DateTimeOffset.UnixEpoch, RevocationReason = "earlier" });
        Assert.That((await app.ReportAsync(LeakApp.Report(secret))).Body, Is.EqualTo($"[{LeakApp.Label(secret, true)}]"));
        var key = await app.GetAsync();
        Assert.That((key.RevokedAt, key.RevocationReason, key.Version), Is.EqualTo((DateTimeOffset.UnixEpoch, "earlier", 1)));
    }

    [Test]
    public async Task Report_WithAlerts_RaisesOneAlert()
    {
        await using var app = await LeakApp.StartAsync();
        var secret = await app.IssueAsync();
        await app.ReportAsync(LeakApp.Report(secret));
        await app.ReportAsync(LeakApp.Report(secret, "gist_content"));

        var store = app.App.Services.GetRequiredService<IApiKeyAlertStore>();
        var incidents = await store.ListFiringIncidentsAsync(ApiKeyAlertKinds.KeyLeaked, null, 10, CancellationToken.None);
        Assert.That(incidents.Select(incident => (incident.KeyId, incident.Kind)), Is.EqualTo(new[] { ("key1", "key_leaked") }));
        await Eventually.IsTrueAsync(() =>
        {
            // Alerts are delivered at intervals.
            app.App.Clock.Advance(TimeSpan.FromSeconds(5));
            return app.App.Logs.WarningMessages.Any(message => message.EndsWith(
                "The secret of API key key1 leaked; it was found at github.com (commit). It is revoked.", StringComparison.Ordinal));
        });
        Assert.That(app.App.Logs.Of(54), Is.Empty, "the alert replaces the log message");
    }

    [TestCase(ApiKeyLeakAction.Alert, "It was not changed; rotate or revoke it.")]
    [TestCase(
        ApiKeyLeakAction.Rotate,
        "The leaked secret ends at 2026-01-01 01:00:00Z. Rotate the key with discardCurrent to receive a new one.")]
    [TestCase(ApiKeyLeakAction.Revoke, "It is revoked.")]
    public async Task Report_WithoutAlerts_LogsAWarning(ApiKeyLeakAction action, string outcome)
    {
        await using var app = await LeakApp.StartAsync(options => options.LeakReports.Action = action, hasAlerts: false);
        await app.ReportAsync(LeakApp.Report(await app.IssueAsync()));
        Assert.That(app.App.Logs.WarningMessages, Is.EqualTo(new[] { Message + outcome }));
    }

    [Test]
    public async Task Report_ConfiguredKey_IsATruePositiveThatIsLogged()
    {
        var secret = new ApiKeyFormat().Generate("live");
        var fixedKey = new ApiKey
        {
            Id = "key1",
            Environment = "live",
            Secrets = [new ApiKeySecret { Hash = new ApiKeyHasher([]).Hash(secret) }],
        };
        await using var app = await LeakApp.StartAsync(hasAlerts: false, keys: auth => auth.AddKeys(fixedKey));

        Assert.That((await app.ReportAsync(LeakApp.Report(secret))).Body, Is.EqualTo($"[{LeakApp.Label(secret, true)}]"));

        Assert.That(app.App.Logs.WarningMessages, Is.EqualTo(new[]
        {
            Message + "It is in a store that cannot be changed here, such as the settings; remove or replace it there.",
        }));
    }

    [Test]
    public async Task Report_StoreDown_Is503AndARepetitionSucceeds()
    {
        await using var app = await LeakApp.StartAsync();
        var secret = await app.IssueAsync();
        app.Keys.Store.IsDown = true;
        var failed = await app.ReportAsync(LeakApp.Report(secret));
        Assert.That((failed.Status, failed.Code, failed.Header("Retry-After")), Is.EqualTo((503, "key_store_unavailable", "2")));
        app.Keys.Store.IsDown = false;
        Assert.That((await app.ReportAsync(LeakApp.Report(secret))).Status, Is.EqualTo(200));
        Assert.That(await app.Keys.UseAsync(secret), Is.EqualTo(401));
    }

    private static async Task<string> RotateAsync(LeakApp app, TimeSpan grace) =>
        (await app.Keys.ManageAsync(
            manager => manager.RotateAsync(ApiKeyCaller.System, "key1", new ApiKeyRotation { Grace = grace }))).Value!.Secret;
}
