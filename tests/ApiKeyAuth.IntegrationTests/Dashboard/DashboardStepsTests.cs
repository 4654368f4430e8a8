using System.Net;
using ApiKeyAuth.Dashboard;
using ApiKeyAuth.Keys;
using Microsoft.Playwright;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Tests the steps that the help pages of products describe, as a person does them in the browser.</summary>
[Category("Long")]
public sealed class DashboardStepsTests
{
    private DashboardBrowser _browser = null!;
    private DashboardBrowser _tokens = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _browser = await DashboardBrowser.StartAsync();
        _tokens = await DashboardBrowser.StartAsync(options =>
        {
            options.Noun = ApiKeyDashboardNoun.Token;
            options.Title = "Authentication token";
            options.Columns = ApiKeyDashboardColumns.Created;
            options.Fields = ApiKeyDashboardFields.None;
        });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        foreach (var browser in new[] { _browser, _tokens }.OfType<DashboardBrowser>())
        {
            await browser.DisposeAsync();
        }
    }

    [Test]
    public async Task TwigAuthentication_GeneratingApiKeysViaUi_NameScopeExpirationCopy()
    {
        await using var context = await _browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(_browser.Url);
        await page.GetByRole(AriaRole.Link, new() { Name = "Create key" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("Production API");
        await page.GetByLabel("reports:read").CheckAsync();
        await page.GetByLabel("Expiration").SelectOptionAsync("90");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();
        var secret = await page.Locator("#secret-value").TextContentAsync();

        var key = await FindAsync(_browser, page);
        Assert.That(await CallAsync(_browser, secret), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(key.Scopes, Is.EquivalentTo(new[] { "invoices:read", "reports:read" }));
        Assert.That((key.ExpiresAt!.Value.Instant - key.CreatedAt).TotalDays, Is.InRange(89, 91));
    }

    [Test]
    public async Task TwynAuthentication_FromTheDashboard_NameRateLimitExpirationShownOnce()
    {
        await using var context = await _browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(_browser.Url);
        await page.GetByRole(AriaRole.Link, new() { Name = "Create key" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("Production Server");
        await page.GetByText("More options").ClickAsync();
        await page.GetByLabel("Rate limits").FillAsync("1000/hour");
        await page.GetByLabel("Expiration").SelectOptionAsync("date");
        await page.GetByLabel("Last day").FillAsync("2099-12-31");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await Assertions.Expect(page.GetByText("It is shown only this one time")).ToBeVisibleAsync();
        var key = await FindAsync(_browser, page);
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.ReloadAsync();

        await Assertions.Expect(page.GetByText("The key was already shown")).ToBeVisibleAsync();
        Assert.That(string.Join(' ', key.RateLimits), Is.EqualTo("1000/hour"));
        Assert.That(key.ExpiresAt.ToString(), Is.EqualTo("2099-12-31"));
    }

    [Test]
    public async Task AiGatewayAuthenticationToken_InVietnamese_CreateListTickDeleteConfirm()
    {
        await using var context = await _tokens.NewContextAsync("vi");
        var page = await context.NewPageAsync();
        await page.GotoAsync(_tokens.Url);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Authentication token", Level = 1 })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Tạo token" }).ClickAsync();
        await page.GetByLabel("Tên").FillAsync("token-user01");
        await page.GetByRole(AriaRole.Button, new() { Name = "Tạo token" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Hãy sao chép token ngay.")).ToBeVisibleAsync();
        var secret = await page.Locator("#secret-value").TextContentAsync();
        var before = await CallAsync(_tokens, secret);

        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.GotoAsync(_tokens.Url);
        var row = page.GetByRole(AriaRole.Row, new() { Name = "token-user01" });
        await Assertions.Expect(row).ToContainTextAsync("Đang hoạt động");
        await Assertions.Expect(row.Locator("time")).ToHaveCountAsync(1);
        await row.GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.Locator("[data-selection]").GetByRole(AriaRole.Button, new() { Name = "Xóa" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Xóa token này?" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("token-user01")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Xóa" }).ClickAsync();

        await Assertions.Expect(page.GetByText("Đã xóa 1 token.")).ToBeVisibleAsync();
        Assert.That(before, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await CallAsync(_tokens, secret), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task AgentCrmApiKeys_PlusNameCreateCopyAndBin_EndsTheKeyAtOnce()
    {
        await using var context = await _browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(_browser.Url);
        await page.Keyboard.PressAsync("n");
        await page.GetByLabel("Name").FillAsync("OpenFang Sales Agent");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true }).First.ClickAsync();
        var secret = await page.Locator("#secret-value").TextContentAsync();
        var before = await CallAsync(_browser, secret);

        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.GotoAsync(_browser.Url);
        await page.GetByRole(AriaRole.Link, new() { Name = "Delete OpenFang Sales Agent" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await Assertions.Expect(page.GetByText("1 key was deleted.")).ToBeVisibleAsync();
        Assert.That(before, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await CallAsync(_browser, secret), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    /// <summary>Finds the key of the page that shows its secret.</summary>
    private static async Task<ApiKey> FindAsync(DashboardBrowser browser, IPage page) =>
        (await browser.App.FindKeyAsync(new Uri(page.Url).AbsolutePath.Split('/')[^2]))!;

    private static async Task<HttpStatusCode> CallAsync(DashboardBrowser browser, string? secret)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("X-API-Key", secret);
        using var response = await client.GetAsync(browser.App.Url);
        return response.StatusCode;
    }
}
