using System.Net;
using System.Text.RegularExpressions;
using ApiKeyAuth.IntegrationTests.Processes;
using Microsoft.Playwright;

namespace ApiKeyAuth.IntegrationTests.Samples.AiGateway;

/// <summary>
/// The steps that the page gives for "giao diện quản lý AI Gateway", as a person does them in the browser: the tab Authentication token,
/// its list, and the deletion. The dashboard is opened by the link that the sample prints.
/// </summary>
[Category("Long")]
internal sealed class GiaoDienQuanLyTests
{
    private const string TabPath = "/gateways/user-123456-demo-gateway/tokens";
    private const string OtherTabPath = "/gateways/user-123456-other-gateway/tokens";

    private RunningSample _sample = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;
    private IBrowserContext _context = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var chromium = Installed.Find("chromium", "chromium");
        _sample = await RunningSample.StartAsync("AiGateway");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox"] });
        _context = await _browser.NewContextAsync(new() { Locale = "vi", BaseURL = _sample.Address });
        var page = await _context.NewPageAsync();
        await page.GotoAsync(Regex.Match(_sample.Output, "this link: (http\\S+)").Groups[1].Value);
        Assert.That(new Uri(page.Url).AbsolutePath, Is.EqualTo("/gateways"));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await (_browser?.DisposeAsync() ?? default);
        _playwright?.Dispose();
        await (_sample?.DisposeAsync() ?? default);
    }

    [Test]
    public async Task TaoMoiAuthenticationToken_TabPopupNameCreate_GivesATokenOfThatGateway()
    {
        var page = await _context.NewPageAsync();
        var (secret, _) = await CreateAsync(page, "token-user01");

        Assert.That(await AskAsync(secret), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await AskAsync(secret, "user-123456-other-gateway.ai-gateway.vngcloud.vn"), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task QuanLyDanhSachToken_AfterTheCreation_ShowsNameTimeAndStatus()
    {
        var page = await _context.NewPageAsync();
        await CreateAsync(page, "token-listed");
        await page.GotoAsync(TabPath);

        var row = page.GetByRole(AriaRole.Row, new() { Name = "token-listed" });
        await Assertions.Expect(row).ToContainTextAsync("Đang hoạt động");
        await Assertions.Expect(row.Locator("time")).ToHaveCountAsync(1);
        await page.GotoAsync(OtherTabPath);
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "OTHER_GATEWAY_TOKEN" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("token-listed")).ToHaveCountAsync(0);
    }

    [Test]
    public async Task XoaAuthenticationToken_TickDeleteConfirm_EndsTheToken()
    {
        var page = await _context.NewPageAsync();
        var (secret, _) = await CreateAsync(page, "token-deleted");
        var before = await AskAsync(secret);
        await page.GotoAsync(TabPath);
        await page.GetByRole(AriaRole.Row, new() { Name = "token-deleted" }).GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.Locator("[data-selection]").GetByRole(AriaRole.Button, new() { Name = "Xóa" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Xóa token này?" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Xóa" }).ClickAsync();

        await Assertions.Expect(page.GetByText("Đã xóa 1 token.")).ToBeVisibleAsync();
        Assert.That((before, await AskAsync(secret)), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Unauthorized)));
    }

    [TestCase("/gateways/user-654321-demo-gateway/tokens", 403)]
    [TestCase("/gateways/none/tokens", 403)]
    [TestCase("/gateways/user-654321-demo-gateway/tokens/new", 403)]
    [TestCase("/gateways/USER-123456-DEMO-GATEWAY/tokens", 403)]
    public async Task Tab_OfAGatewayOfAnotherOwner_IsRefusedLikeNone(string path, int status)
    {
        var page = await _context.NewPageAsync();
        var response = await page.GotoAsync(path);

        Assert.That(response!.Status, Is.EqualTo(status));
        await Assertions.Expect(page.GetByText("Tài khoản của bạn không thể quản lý token ở đây.")).ToBeVisibleAsync();
    }

    [Test]
    public async Task Tab_WithATokenOfAnotherGateway_DoesNotFindIt()
    {
        var page = await _context.NewPageAsync();
        var (_, id) = await CreateAsync(page, "token-here");

        Assert.That((await page.GotoAsync($"{TabPath}/key/{id}"))!.Status, Is.EqualTo(200));
        Assert.That((await page.GotoAsync($"{OtherTabPath}/key/{id}"))!.Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Pages_WithoutTheLink_AreClosed()
    {
        foreach (var path in new[] { "/gateways", TabPath, $"{TabPath}/new" })
        {
            var answer = await _sample.GetAsync(path, AiGatewaySample.Bearer(_sample.Export("GATEWAY_ADMIN_KEY")));
            Assert.That((answer.Status, answer.Body), Is.EqualTo((403, "Open the link that the app printed. It works once; start the app "
                + "again to get another one.")));
        }
    }

    /// <summary>Creates a token by the steps of the page, and returns its secret and its ID.</summary>
    private static async Task<(string Secret, string Id)> CreateAsync(IPage page, string name)
    {
        await page.GotoAsync("/gateways");
        await page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "user-123456-demo-gateway" })
            .GetByRole(AriaRole.Link, new() { Name = "Authentication token" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Authentication token", Level = 1 })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Tạo token" }).ClickAsync();
        await page.GetByLabel("Tên").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Tạo token" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Hãy sao chép token ngay.")).ToBeVisibleAsync();
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        return ((await page.Locator("#secret-value").TextContentAsync())!, new Uri(page.Url).AbsolutePath.Split('/')[^2]);
    }

    private async Task<HttpStatusCode> AskAsync(string secret, string host = "localhost") => (await _sample.SendAsync(
        "POST", AiGatewaySample.Chat, AiGatewaySample.Question, AiGatewaySample.Bearer(secret), $"Host: {host}")).Code;
}
