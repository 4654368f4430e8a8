using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Tests what a person does in a browser: with a mouse, with the keyboard alone, and without JavaScript.</summary>
[Category("Long")]
public sealed class DashboardBrowserTests
{
    private DashboardBrowser _browser = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _browser = await DashboardBrowser.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
    }

    [Test]
    public async Task Create_InTheBrowser_RevealsCopiesAndForgetsTheKey()
    {
        await using var context = await _browser.NewContextAsync();
        await context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await context.NewPageAsync();
        var errors = DashboardBrowser.CollectErrors(page);
        await page.GotoAsync(_browser.Url);
        await page.GetByRole(AriaRole.Link, new() { Name = "Create key" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("From the browser");
        await page.GetByLabel("invoices:write").CheckAsync();
        await Assertions.Expect(page.Locator("[data-summary-list] li")).ToHaveTextAsync(["Read invoices", "Write invoices"]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();

        var secret = page.Locator("#secret-value");
        await Assertions.Expect(secret).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#snippet-0")).ToContainTextAsync("X-API-Key: ••••");
        await page.GetByText("Reveal").ClickAsync();
        await Assertions.Expect(secret).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#snippet-0")).ToContainTextAsync($"X-API-Key: {await secret.TextContentAsync()}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true }).First.ClickAsync();
        await Assertions.Expect(page.Locator("[data-status]")).ToHaveTextAsync("Copied");
        var copied = await page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        Assert.That(copied, Is.EqualTo(await secret.TextContentAsync()));

        await page.GetByRole(AriaRole.Link, new() { Name = "Done" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "From the browser", Level = 1 })).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Assertions.Expect(page.GetByText("The key was already shown")).ToBeVisibleAsync();
        Assert.That(await page.ContentAsync(), Does.Not.Contain(copied));
        Assert.That(errors, Is.Empty);
    }

    [Test]
    public async Task Secret_LeftBeforeItWasCopied_Warns()
    {
        await using var context = await _browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{_browser.Url}/new");
        await page.GetByLabel("Name").FillAsync("Not copied");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        var dialog = new TaskCompletionSource<string>();
        page.Dialog += (_, shown) =>
        {
            dialog.TrySetResult(shown.Type);
            _ = shown.AcceptAsync();
        };
        await page.GetByText("Reveal").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Done" }).ClickAsync();

        Assert.That(await dialog.Task.WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo("beforeunload"));
    }

    [Test]
    public async Task Secret_FirstUse_TurnsTheDotGreen()
    {
        await using var context = await _browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{_browser.Url}/new");
        await page.GetByLabel("Name").FillAsync("First use");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Waiting for the first use…")).ToBeVisibleAsync();
        var secret = await page.Locator("#secret-value").TextContentAsync();
        await context.APIRequest.GetAsync(_browser.App.Url, new() { Headers = [new("X-API-Key", secret!)] });

        await Assertions.Expect(page.GetByText("The key was used. It works.")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator(".first-use.used")).ToBeVisibleAsync();
    }

    [Test]
    public async Task Delete_SelectedKeys_WithTheKeyboardAlone()
    {
        var key = await _browser.App.AddKeyAsync("Keyboard");
        await using var context = await _browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(_browser.Url);
        await page.Keyboard.PressAsync("?");
        var shortcuts = page.GetByRole(AriaRole.Heading, new() { Name = "Keyboard shortcuts" });
        await Assertions.Expect(shortcuts).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(shortcuts).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("Keyboard");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(@"\?q=Keyboard&"));
        await DashboardBrowser.PressUntilFocusedAsync(page, "input[name=id]");
        await page.Keyboard.PressAsync("Space");
        await DashboardBrowser.PressUntilFocusedAsync(page, "button[value=delete]");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(@"/bulk\?"));
        await DashboardBrowser.PressUntilFocusedAsync(page, "button.danger");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("1 key was deleted.")).ToBeVisibleAsync();
        Assert.That(await _browser.App.FindKeyAsync(key.Key.Id), Is.Null);
    }

    [Test]
    public async Task Create_WithoutJavaScript_ShowsTheKey()
    {
        await using var context = await _browser.NewContextAsync(javaScript: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{_browser.Url}/new");
        await page.GetByLabel("Name").FillAsync("No script");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await page.GetByText("Reveal").ClickAsync();

        await Assertions.Expect(page.Locator("#secret-value")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copy" })).ToHaveCountAsync(0);
    }

    [Test]
    public async Task Form_SentAfterTheSessionEnded_IsFilledInAfterSigningIn()
    {
        await using var context = await _browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{_browser.Url}/new");
        await page.GetByLabel("Name").FillAsync("Almost lost");
        await page.GetByLabel("reports:read").CheckAsync();
        await context.ClearCookiesAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(@"/Account/Login\?ReturnUrl="));
        await _browser.SignInAsync(context);
        await page.GotoAsync($"{_browser.Url}/new");

        await Assertions.Expect(page.GetByLabel("Name")).ToHaveValueAsync("Almost lost");
        await Assertions.Expect(page.GetByLabel("reports:read")).ToBeCheckedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Almost lost" })).ToBeVisibleAsync();
        await page.GotoAsync($"{_browser.Url}/new");
        await Assertions.Expect(page.GetByLabel("Name")).ToHaveValueAsync("");
    }

    [Test]
    public async Task Form_WhoseTokenIsNoLongerValid_IsFilledInWhenItIsOpenedAgain()
    {
        await using var context = await _browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{_browser.Url}/new");
        await page.GetByLabel("Name").FillAsync("Kept");
        await context.ClearCookiesAsync();
        await _browser.SignInAsync(context);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The form was not sent from this site")).ToBeVisibleAsync();
        await page.GotoAsync($"{_browser.Url}/new");

        await Assertions.Expect(page.GetByLabel("Name")).ToHaveValueAsync("Kept");
    }

    [TestCase("<img src=x onerror=alert(1)>")]
    [TestCase("</script><script>alert(1)</script>")]
    public async Task Page_WithMarkupInAName_RunsNoneOfIt(string name)
    {
        var key = await _browser.App.AddKeyAsync(name);
        await using var context = await _browser.NewContextAsync();
        var page = await context.NewPageAsync();
        var errors = DashboardBrowser.CollectErrors(page);
        page.Dialog += (_, dialog) =>
        {
            errors.Add($"A dialog says {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        var path = $"/key/{key.Key.Id}";
        foreach (var shown in new[] { "", path, $"{path}/edit", $"{path}/delete", $"{path}/alerts", "/overview", "/audit" })
        {
            await page.GotoAsync(_browser.Url + shown);
            Assert.That(await page.Locator("img[src=x], main script").CountAsync(), Is.Zero, shown);
        }

        await page.GotoAsync(_browser.Url + path);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(name);
        Assert.That(errors, Is.Empty);
    }

    [Test]
    public async Task List_LeftOpen_RefreshesWhileItIsVisible()
    {
        var key = await _browser.App.AddKeyAsync("Watched");
        await using var context = await _browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.GotoAsync($"{_browser.Url}?q=Watched");
        var row = page.GetByRole(AriaRole.Row, new() { Name = "Watched" });
        await row.GetByRole(AriaRole.Checkbox).CheckAsync();
        await Assertions.Expect(row).ToContainTextAsync("Active");
        await DisableAsync();
        await page.Clock.FastForwardAsync(16_000);

        await Assertions.Expect(row).ToContainTextAsync("Disabled");
        await Assertions.Expect(row.GetByRole(AriaRole.Checkbox)).ToBeCheckedAsync();

        var requests = new List<string>();
        page.Request += (_, request) => requests.Add(request.Url);
        await page.EvaluateAsync("() => Object.defineProperty(document, 'hidden', { value: true, configurable: true })");
        await page.Clock.FastForwardAsync(60_000);
        await page.EvaluateAsync("() => new Promise(resolve => { requestAnimationFrame(resolve); })");
        Assert.That(requests, Is.Empty);

        async Task DisableAsync()
        {
            using var client = await _browser.App.SignInAsync();
            var path = $"{DashboardApp.Path}/key/{key.Key.Id}";
            (await DashboardApp.PostAsync(client, path, $"{path}/disable")).Dispose();
        }
    }

    [Test]
    public async Task Disable_WithUndo_EnablesTheKeyAgain()
    {
        var key = await _browser.App.AddKeyAsync("Paused by mistake");
        await using var context = await _browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{_browser.Url}/key/{key.Key.Id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The key is disabled. Its requests are rejected.")).ToBeVisibleAsync();
        Assert.That((await _browser.App.FindKeyAsync(key.Key.Id))!.Enabled, Is.False);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();

        await Assertions.Expect(page.GetByText("The key is enabled.")).ToBeVisibleAsync();
        Assert.That((await _browser.App.FindKeyAsync(key.Key.Id))!.Enabled);
    }

    [Test]
    public async Task Page_InAFrame_IsBlocked()
    {
        await using var context = await _browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(_browser.App.Url + "/sign-in?user=ada&tenant=acme");
        await page.EvaluateAsync(
            """
            url => new Promise(resolve => {
              const frame = document.createElement('iframe');
              frame.onload = resolve;
              frame.src = url;
              document.body.append(frame);
            })
            """,
            _browser.Url);

        Assert.That(await page.FrameLocator("iframe").Locator("h1", new() { HasText = "API keys" }).CountAsync(), Is.Zero);
    }
}
