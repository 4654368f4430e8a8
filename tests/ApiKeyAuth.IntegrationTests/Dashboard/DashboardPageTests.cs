using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using ApiKeyAuth.Alerts;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Dashboard;
using ApiKeyAuth.Management;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Tests what the pages say about keys with usage, rotations and alerts, and the options that change the pages.</summary>
public sealed class DashboardPageTests
{
    private DashboardApp _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _app = await DashboardApp.StartAsync();
        await DashboardData.AddAsync(_app);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [Test]
    public async Task Overview_OfSeveralKeys_NamesWhatNeedsAttention()
    {
        using var client = await _app.SignInAsync();
        var html = await ReadAsync(client, "/overview");

        Assert.That(html, Does.Contain("The last 7 days").And.Contain("Active keys"));
        Assert.That(html, Does.Match("[1-9][0-9,]* <span[^>]*>[0-9.]+% of the requests"));
        string[] reasons = ["Expires in 4 days", "Created 2 months ago and never used", "The old secret was used", "May do everything"];
        foreach (var reason in reasons)
        {
            Assert.That(html, Does.Contain(reason));
        }

        Assert.That(html, Does.Not.Contain("Leaked in a build log"));
    }

    [Test]
    public async Task List_KeysOfEachStatus_ShowsOneStatusWithAdviceAndUsage()
    {
        using var client = await _app.SignInAsync();
        var html = await ReadAsync(client, "");
        string[] statuses = ["Active", "Not valid yet", "Never used", "Expires soon", "Expired", "Revoked", "Disabled"];
        foreach (var status in statuses)
        {
            Assert.That(html, Does.Contain($"<span>{status}</span>"));
        }

        Assert.That(html, Does.Match("aria-label=\"[0-9,]+ requests, [0-9]+ of them failed.\"").And.Contain("Extend or replace it."));
        Assert.That(await ReadAsync(client, "?status=pending"), Does.Contain("Partner preview").And.Not.Contain("Mobile app"));
    }

    [Test]
    public async Task Key_WithARetiringSecret_SaysWhetherTheOldOneIsUsedAndWhatIsLeft()
    {
        using var client = await _app.SignInAsync();
        var html = await ReadAsync(client, $"/key/{DashboardData.Busy}");

        Assert.That(html, Does.Match("The old secret was used [0-9]+ minutes ago").And.Contain("The new secret was not used yet."));
        Assert.That(html, Does.Contain("500 of 500/hour left").And.Contain("Rate limited").And.Contain("Remove the unused permission"));
        Assert.That(html, Does.Match("[0-9,]+ requests since [0-9]{2}:00"));
        string[] ranges = ["7d", "30d", "90d"];
        foreach (var range in ranges)
        {
            Assert.That(await ReadAsync(client, $"/key/{DashboardData.Busy}?range={range}"), Does.Contain("class=\"bar ok\""), range);
        }
    }

    [TestCase("complete", 1)]
    [TestCase("cancel", 0)]
    public async Task Rotation_CompletedOrCanceled_KeepsOneSecret(string action, int kept)
    {
        var key = await _app.AddKeyAsync("Rotating");
        using var client = await _app.SignInAsync();
        var page = $"{DashboardApp.Path}/key/{key.Key.Id}";
        await DashboardApp.PostAsync(client, $"{page}/rotate", $"{page}/rotate", ("grace", "60"));
        var hints = (await _app.FindKeyAsync(key.Key.Id))!.Secrets.Select(secret => secret.Hint).ToArray();
        using var done = await DashboardApp.PostAsync(client, page, $"{page}/rotate/{action}");
        using var again = await DashboardApp.PostAsync(client, $"{DashboardApp.Path}/new", $"{page}/rotate/{action}");

        Assert.That(done.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        Assert.That(
            (await _app.FindKeyAsync(key.Key.Id))!.Secrets.Select(secret => secret.Hint), Is.EqualTo(new[] { hints[1 - kept] }));
        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await client.GetAsync($"{page}/rotate/{action}")).Headers.Location!.OriginalString, Is.EqualTo(page));
    }

    [Test]
    public async Task Alerts_OfAKey_AreSetAndRemoved()
    {
        using var client = await _app.SignInAsync();
        var page = $"{DashboardApp.Path}/key/key_mobile/alerts";
        (string, string)[] values = [("highUsage", "5000"), ("highUsagePeriod", "hourly"), ("unusualActivity", "1")];
        using var invalid = await DashboardApp.PostAsync(client, page, page, [("failures", "many"), .. values]);
        var html = await DashboardApp.ReadAsync(invalid);
        using var saved = await DashboardApp.PostAsync(client, page, page, values);
        var own = await GetAlertsAsync();
        using var reset = await DashboardApp.PostAsync(client, page, page, ("reset", "1"));

        Assert.That(invalid.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(html, Does.Contain("Enter a whole number of at least 1").And.Contain("value=\"many\"").And.Contain("value=\"5000\""));
        Assert.That(saved.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        Assert.That(own.SetFor, Is.EqualTo("key"));
        Assert.That(own.Settings, Is.EqualTo(new ApiKeyAlertSettings
        {
            HighUsage = new() { Threshold = 5_000, Period = ApiKeyAlertPeriod.Hourly },
            UnusualActivity = true,
        }));
        Assert.That(reset.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        Assert.That((await GetAlertsAsync()).SetFor, Is.Null);
    }

    [Test]
    public async Task Create_WithStartAndIdleTime_StoresThem()
    {
        using var client = await _app.SignInAsync();
        var page = $"{DashboardApp.Path}/new";
        using var created = await DashboardApp.PostAsync(
            client, page, page, ("name", "Later"), ("notBefore", "2099-05-06T07:08"), ("expiresAfterIdleDays", "45"));
        using var invalid = await DashboardApp.PostAsync(
            client, page, page, ("name", "Later"), ("notBefore", "soon"), ("expiresAfterIdleDays", "many"));
        var key = (await _app.FindKeyAsync(created.Headers.Location!.OriginalString.Split('/')[^2]))!;

        Assert.That(key.NotBefore, Is.EqualTo(new DateTimeOffset(2099, 5, 6, 7, 8, 0, TimeSpan.Zero)));
        Assert.That(key.ExpiresAfterIdleDays, Is.EqualTo(45));
        Assert.That(
            await DashboardApp.ReadAsync(invalid),
            Does.Contain("Enter a date and a time.").And.Contain("Enter a whole number of days.").And.Contain("value=\"soon\""));
        var edit = await ReadAsync(client, $"/key/{key.Id}/edit");
        Assert.That(edit, Does.Contain("value=\"2099-05-06T07:08\"").And.Contain("value=\"45\""));
    }

    [Test]
    public async Task List_Of25Keys_WeighsAtMost60KilobytesWithItsFilesAndNamesNoOtherHost()
    {
        await using var app = await DashboardApp.StartAsync();
        await DashboardData.AddAsync(app);
        for (var i = 0; i < 16; i++)
        {
            await app.AddKeyAsync($"Key number {i} of a service", scopes: ["invoices:read", "reports:read"]);
        }

        using var client = await app.SignInAsync();
        var html = await client.GetStringAsync(DashboardApp.Path);
        var links = Regex.Matches(html, "(?:href|src)=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToArray();
        var size = await CompressAsync(System.Text.Encoding.UTF8.GetBytes(html));
        foreach (var file in links.Where(link => link.Contains("/assets/", StringComparison.Ordinal)).Distinct())
        {
            size += await CompressAsync(await client.GetByteArrayAsync(file));
        }

        Assert.That(Regex.Count(html, "<th scope=\"row\""), Is.EqualTo(25));
        Assert.That(size, Is.LessThanOrEqualTo(60_000));
        Assert.That(links, Has.All.StartsWith("/").Or.StartWith("#"));
        Assert.That(html, Does.Not.Contain("//www.").And.Not.Contain("https://"));
    }

    private static async Task<long> CompressAsync(byte[] content)
    {
        using var memory = new MemoryStream();
        await using (var brotli = new BrotliStream(memory, CompressionLevel.Optimal, leaveOpen: true))
        {
            await brotli.WriteAsync(content);
        }

        return memory.Length;
    }

    [Test]
    public async Task Options_NounColumnsAndFields_ChangeThePages()
    {
        await using var app = await DashboardApp.StartAsync(configure: options =>
        {
            options.Noun = ApiKeyDashboardNoun.Token;
            options.Columns = ApiKeyDashboardColumns.Created;
            options.Fields = ApiKeyDashboardFields.None;
            options.ReturnPath = "/settings";
        });
        var key = await app.AddKeyAsync("token-user01", scopes: "reports:read");
        using var client = await app.SignInAsync();
        var list = await client.GetStringAsync(DashboardApp.Path);
        var form = await client.GetStringAsync($"{DashboardApp.Path}/new");
        using var created = await DashboardApp.PostAsync(
            client,
            $"{DashboardApp.Path}/new",
            $"{DashboardApp.Path}/new",
            ("name", "token-user02"),
            ("hasScopes", "1"),
            ("scopes", "reports:read"),
            ("rateLimits", "1/day"),
            ("kind", "organization"));
        var edit = $"{DashboardApp.Path}/key/{key.Key.Id}/edit";
        using var edited = await DashboardApp.PostAsync(
            client, edit, edit, ("version", "1"), ("name", "token-user03"), ("networks", "10.0.0.0/8"));
        var made = (await app.FindKeyAsync(created.Headers.Location!.OriginalString.Split('/')[^2]))!;
        var renamed = (await app.FindKeyAsync(key.Key.Id))!;

        Assert.That(list, Does.Contain("<h1>Tokens</h1>").And.Contain("Create token").And.Contain("href=\"/settings\""));
        Assert.That(list, Does.Not.Contain("Last used").And.Not.Contain("Last 36 hours").And.Contain(">Created<"));
        Assert.That(form, Does.Not.Contain("name=\"scopes\"").And.Not.Contain("More options"));
        Assert.That((made.Kind, made.RateLimits.Count, string.Join(' ', made.Scopes)), Is.EqualTo(("service", 0, "invoices:read")));
        Assert.That(
            (renamed.Name, renamed.Networks.Count, string.Join(' ', renamed.Scopes)), Is.EqualTo(("token-user03", 0, "reports:read")));
    }

    private static async Task<string> ReadAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(DashboardApp.Path + path);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
        return await DashboardApp.ReadAsync(response);
    }

    private async Task<ApiKeyEffectiveAlertSettings> GetAlertsAsync()
    {
        ApiKeyResult<ApiKeyEffectiveAlertSettings> read = null!;
        await _app.RunAsync(async services => read = await services.GetRequiredService<ApiKeyAlertSettingsService>()
            .GetAsync(ApiKeyCaller.System, ApiKeyAlertSubject.Key("key_mobile")));
        return read.Value!;
    }
}
