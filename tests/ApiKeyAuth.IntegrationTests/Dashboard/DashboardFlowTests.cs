using System.Net;
using System.Text.RegularExpressions;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Tests what a person does on the pages, without JavaScript.</summary>
public sealed class DashboardFlowTests
{
    private DashboardApp _app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _app = await DashboardApp.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [Test]
    public async Task Create_WithANameOnly_ShowsAKeyThatWorksOnce()
    {
        using var client = await _app.SignInAsync();
        using var created = await DashboardApp.PostAsync(
            client, $"{DashboardApp.Path}/new", $"{DashboardApp.Path}/new", ("name", "Billing"));
        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        var shown = await client.GetAsync(created.Headers.Location);
        var html = await DashboardApp.ReadAsync(shown);
        var secret = Regex.Match(html, "id=\"secret-value\"[^>]*>([^<]+)<").Groups[1].Value;

        using var request = new HttpRequestMessage(HttpMethod.Get, _app.Url);
        request.Headers.Add("X-API-Key", secret);
        Assert.That((await client.SendAsync(request)).StatusCode, Is.EqualTo(HttpStatusCode.OK), html);
        string[] requests = ["curl -i '", "HttpClient", "await fetch(", "requests.get(", "Invoke-WebRequest", $"X-API-Key: {secret}"];
        foreach (var text in requests)
        {
            Assert.That(html, Does.Contain(text));
        }

        var again = await client.GetStringAsync(created.Headers.Location);
        Assert.That(again, Does.Contain("The key was already shown").And.Not.Contain(secret));
        Assert.That(created.Headers.Location!.OriginalString, Does.Not.Contain(secret));
        Assert.That(_app.Logs.Entries.Select(entry => entry.Text), Has.None.Contains(secret));
    }

    [Test]
    public async Task Secret_OfAnotherUser_IsNotShown()
    {
        using var client = await _app.SignInAsync();
        using var created = await DashboardApp.PostAsync(
            client, $"{DashboardApp.Path}/new", $"{DashboardApp.Path}/new", ("name", "Ada's"));
        (await client.GetAsync("/sign-in?user=grace&tenant=acme&role=manager")).EnsureSuccessStatusCode();

        Assert.That(await client.GetStringAsync(created.Headers.Location), Does.Contain("The key was already shown"));
    }

    [Test]
    public async Task Create_WithInvalidValues_KeepsThemAndNamesEachField()
    {
        using var client = await _app.SignInAsync();
        using var response = await DashboardApp.PostAsync(
            client,
            $"{DashboardApp.Path}/new",
            $"{DashboardApp.Path}/new",
            ("name", " "),
            ("rateLimits", "many"),
            ("networks", "everywhere"),
            ("metadata", "team"),
            ("expiry", "date"));
        var html = await DashboardApp.ReadAsync(response);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(html, Does.Contain("Enter a name.").And.Contain(">many</textarea>").And.Contain(">everywhere</textarea>"));
        Assert.That(html, Does.Contain("Write each as a number and a time, such as 500/hour."));
        Assert.That(html, Does.Contain("Write each as an address and a prefix length, such as 203.0.113.0/24."));
        Assert.That(html, Does.Contain("Write each as name=value, each name once.").And.Contain("Enter the last day."));
        Assert.That(html, Does.Contain("role=\"alert\"").And.Contain("href=\"#rateLimits\"").And.Contain("aria-invalid=\"true\""));
    }

    [Test]
    public async Task Create_WithAPermissionThatTheUserMayNotGrant_IsRejectedByName()
    {
        using var client = await _app.SignInAsync();
        using var response = await DashboardApp.PostAsync(
            client,
            $"{DashboardApp.Path}/new",
            $"{DashboardApp.Path}/new",
            ("name", "Payroll"),
            ("hasScopes", "1"),
            ("scopes", "payroll:read"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(
            await DashboardApp.ReadAsync(response), Does.Contain("The caller does not have the scopes of the key: payroll:read"));
    }

    [Test]
    public async Task Create_FromALink_ProposesItsValues()
    {
        using var client = await _app.SignInAsync();
        var html = await client.GetStringAsync($"{DashboardApp.Path}/new?name=Export&scopes=reports:read,invoices:write");
        using var unknown = await client.GetAsync($"{DashboardApp.Path}/new?scopes=reports:read,nothing:here");

        Assert.That(html, Does.Contain("value=\"Export\""));
        Assert.That(html, Does.Match("value=\"reports:read\" checked").And.Match("value=\"invoices:write\" checked"));
        Assert.That(html, Does.Not.Match("value=\"invoices:read\" checked"));
        Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await DashboardApp.ReadAsync(unknown), Does.Contain("This app does not have these permissions: nothing:here"));
    }

    [Test]
    public async Task Bulk_AfterAConfirmationThatNamesTheKeys_DeletesThem()
    {
        var first = await _app.AddKeyAsync("Old one");
        var second = await _app.AddKeyAsync("Old two");
        using var client = await _app.SignInAsync();
        var page = $"{DashboardApp.Path}/bulk?action=delete&id={first.Key.Id}&id={second.Key.Id}";
        var html = await client.GetStringAsync(page);
        Assert.That(html, Does.Contain("Delete these 2 keys?").And.Contain("Old one").And.Contain("Old two"));

        using var deleted = await DashboardApp.PostAsync(
            client, page, $"{DashboardApp.Path}/bulk", ("action", "delete"), ("id", first.Key.Id), ("id", second.Key.Id));

        Assert.That(deleted.Headers.Location!.OriginalString, Is.EqualTo($"{DashboardApp.Path}?notice=bulk-delete&count=2"));
        Assert.That(await client.GetStringAsync(deleted.Headers.Location), Does.Contain("2 keys were deleted."));
        Assert.That(await _app.FindKeyAsync(first.Key.Id) ?? await _app.FindKeyAsync(second.Key.Id), Is.Null);
    }

    [Test]
    public async Task Edit_InTwoTabs_TheSecondLearnsWhatChanged()
    {
        var key = await _app.AddKeyAsync("Shared", scopes: "invoices:read");
        using var client = await _app.SignInAsync();
        var page = $"{DashboardApp.Path}/key/{key.Key.Id}/edit";
        (string, string)[] values = [("hasScopes", "1"), ("scopes", "invoices:read"), ("expiry", "keep"), ("version", "1")];
        using var first = await DashboardApp.PostAsync(client, page, page, [.. values, ("name", "First")]);
        using var second = await DashboardApp.PostAsync(client, page, page, [.. values, ("name", "Second")]);
        var html = await DashboardApp.ReadAsync(second);

        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed));
        Assert.That(html, Does.Contain("The key was changed since you opened this page.").And.Contain("value=\"Second\""));
        Assert.That(html, Does.Match("<dt[^>]*>Name</dt>\\s*<dd[^>]*>First</dd>"));
        Assert.That((await _app.FindKeyAsync(key.Key.Id))!.Name, Is.EqualTo("First"));

        using var third = await DashboardApp.PostAsync(client, page, page, [.. values[..3], ("version", "2"), ("name", "Second")]);
        Assert.That(third.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        Assert.That((await _app.FindKeyAsync(key.Key.Id))!.Name, Is.EqualTo("Second"));
    }

    [Test]
    public async Task Edit_AllFields_AreStored()
    {
        var key = await _app.AddKeyAsync("Before", scopes: "invoices:read");
        using var client = await _app.SignInAsync();
        var page = $"{DashboardApp.Path}/key/{key.Key.Id}/edit";
        using var response = await DashboardApp.PostAsync(
            client,
            page,
            page,
            ("version", "1"),
            ("name", "After"),
            ("hasScopes", "1"),
            ("scopes", "reports:read"),
            ("expiry", "date"),
            ("expiryDate", "2099-12-31"),
            ("rateLimits", "5/minute\r\n100/hour"),
            ("networks", "203.0.113.0/24"),
            ("audiences", "api"),
            ("metadata", "team = billing"));
        var stored = (await _app.FindKeyAsync(key.Key.Id))!;

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther), await response.Content.ReadAsStringAsync());
        Assert.That(stored.Name, Is.EqualTo("After"));
        Assert.That(stored.Scopes, Is.EqualTo(new[] { "reports:read" }));
        Assert.That(stored.ExpiresAt.ToString(), Is.EqualTo("2099-12-31"));
        Assert.That(stored.RateLimits.Select(limit => limit.ToString()), Is.EqualTo(new[] { "5/minute", "100/hour" }));
        Assert.That(stored.Networks.Select(network => network.ToString()), Is.EqualTo(new[] { "203.0.113.0/24" }));
        Assert.That(stored.Audiences, Is.EqualTo(new[] { "api" }));
        Assert.That(stored.Metadata, Is.EqualTo(new Dictionary<string, string> { ["team"] = "billing" }));
    }

    [Test]
    public async Task Rotate_WithGrace_ShowsTheNewSecretAndKeepsTheOldOne()
    {
        var key = await _app.AddKeyAsync("Rotated");
        using var client = await _app.SignInAsync();
        var page = $"{DashboardApp.Path}/key/{key.Key.Id}/rotate";
        using var rotated = await DashboardApp.PostAsync(client, page, page, ("grace", "60"));
        var html = await client.GetStringAsync(rotated.Headers.Location);
        using var again = await DashboardApp.PostAsync(client, page, page, ("grace", "0"));
        using var invalid = await DashboardApp.PostAsync(client, page, page, ("grace", "7"));

        Assert.That(html, Does.Contain("Your new secret").And.Not.Contain(key.Secret));
        Assert.That((await _app.FindKeyAsync(key.Key.Id))!.Secrets, Has.Count.EqualTo(2));
        Assert.That(await client.GetStringAsync($"{DashboardApp.Path}/key/{key.Key.Id}"), Does.Contain("Retiring"));
        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(invalid.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Disable_WithUndo_EnablesTheKeyAgain()
    {
        var key = await _app.AddKeyAsync("Paused");
        using var client = await _app.SignInAsync();
        var page = $"{DashboardApp.Path}/key/{key.Key.Id}";
        using var disabled = await DashboardApp.PostAsync(client, page, $"{page}/disable");
        Assert.That((await _app.FindKeyAsync(key.Key.Id))!.Enabled, Is.False);
        Assert.That(await client.GetStringAsync(disabled.Headers.Location), Does.Contain("The key is disabled.").And.Contain("Undo"));

        using var enabled = await DashboardApp.PostAsync(client, disabled.Headers.Location!.OriginalString, $"{page}/enable");
        Assert.That((await _app.FindKeyAsync(key.Key.Id))!.Enabled);
    }

    [Test]
    public async Task Revoke_WithAReason_IsFinalAndShown()
    {
        var key = await _app.AddKeyAsync("Leaked");
        using var client = await _app.SignInAsync();
        var page = $"{DashboardApp.Path}/key/{key.Key.Id}";
        using var revoked = await DashboardApp.PostAsync(client, $"{page}/revoke", $"{page}/revoke", ("reason", "Found in a log"));
        var html = await client.GetStringAsync(revoked.Headers.Location);

        Assert.That((await _app.FindKeyAsync(key.Key.Id))!.RevocationReason, Is.EqualTo("Found in a log"));
        Assert.That(html, Does.Contain("Found in a log").And.Not.Contain($"{page}/edit"));
    }

    [Test]
    public async Task Delete_NeedsTheName()
    {
        var key = await _app.AddKeyAsync("Typed exactly");
        using var client = await _app.SignInAsync();
        var page = $"{DashboardApp.Path}/key/{key.Key.Id}/delete";
        using var wrong = await DashboardApp.PostAsync(client, page, page, ("name", "typed exactly"));
        Assert.That(wrong.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await DashboardApp.ReadAsync(wrong), Does.Contain("Type the name exactly: Typed exactly"));
        Assert.That(await _app.FindKeyAsync(key.Key.Id), Is.Not.Null);

        using var right = await DashboardApp.PostAsync(client, page, page, ("name", "Typed exactly"));
        Assert.That(right.Headers.Location!.OriginalString, Is.EqualTo($"{DashboardApp.Path}?notice=deleted"));
        Assert.That(await _app.FindKeyAsync(key.Key.Id), Is.Null);
    }

    [Test]
    public async Task Narrow_UnusedScopes_RemovesThem()
    {
        var key = await _app.AddKeyAsync("Wide", scopes: ["invoices:read", "reports:read"]);
        using var client = await _app.SignInAsync();
        var page = $"{DashboardApp.Path}/key/{key.Key.Id}";
        using var narrowed = await DashboardApp.PostAsync(client, page, $"{page}/narrow", ("scope", "reports:read"));

        Assert.That(narrowed.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        Assert.That((await _app.FindKeyAsync(key.Key.Id))!.Scopes, Is.EqualTo(new[] { "invoices:read" }));
    }
}
