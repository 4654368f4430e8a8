using ApiKeyAuth.IntegrationTests.Processes;
using Microsoft.Playwright;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Tests the pages in a browser: with a mouse, with the keyboard alone, without JavaScript, and on small screens.</summary>
[Category("Long")]
public sealed class DashboardBrowserTests
{
    /// <summary>The variable that names a folder for screenshots of all pages. Without it, none are taken.</summary>
    private const string Screenshots = "APIKEYAUTH_TESTS_SCREENSHOTS";

    private static readonly string[] Pages =
    [
        "", "/overview", "/alerts", "/key/{0}/alerts", "/new", "/audit", "/key/{0}", "/key/{0}?range=30d", "/key/{0}/edit", "/key/{0}/rotate", "/key/{0}/revoke", "/key/{0}/delete",
        "/key/{0}/secret", "/bulk?action=delete&id={0}", "?q=nothing", "/key/missing", "/new?scopes=unknown:scope",
    ];

    private DashboardApp _app = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var chromium = Installed.Find("chromium", "chromium");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox"] });
        _app = await DashboardApp.StartAsync();
        await DashboardData.AddAsync(_app);
        await _app.AddKeyAsync(new string('W', 200), "acme", "invoices:write");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
            await _app.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    [TestCase("en", ColorScheme.Light)]
    [TestCase("en", ColorScheme.Dark)]
    [TestCase("vi", ColorScheme.Light)]
    public async Task Page_AtEachWidth_FitsWithoutErrors(string language, ColorScheme scheme)
    {
        await using var context = await NewContextAsync(language, scheme);
        var page = await context.NewPageAsync();
        var errors = CollectErrors(page);
        foreach (var width in new[] { 390, 768, 1440 })
        {
            await page.SetViewportSizeAsync(width, 900);
            foreach (var path in Pages)
            {
                await page.GotoAsync(_app.Url + DashboardApp.Path + path.Replace("{0}", DashboardData.Busy));
                var overflow = await page.EvaluateAsync<int>(
                    "() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
                var small = await page.EvaluateAsync<string[]>(
                    """
                    () => [...document.querySelectorAll('button, .button, select, textarea, summary, input:not([type=hidden])')]
                        .filter(item => item.checkVisibility() && !item.closest('label, .audit') && item.type !== 'checkbox')
                        .filter(item => item.getBoundingClientRect().height < 43.5).map(item => item.outerHTML.slice(0, 120))
                    """);
                errors.AddRange(small.Select(item => $"{path} at {width}: {item} is smaller than 44 px"));
                if (overflow > 0)
                {
                    errors.Add($"{path} at {width}: the page is {overflow} px too wide");
                }

                await TakeScreenshotAsync(page, language, scheme, width, path);
            }
        }

        Assert.That(errors.Where(error => !error.Contains("status of 40", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Create_InTheBrowser_RevealsCopiesAndForgetsTheKey()
    {
        await using var context = await NewContextAsync();
        await context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await context.NewPageAsync();
        var errors = CollectErrors(page);
        await page.GotoAsync(_app.Url + DashboardApp.Path);
        await page.GetByRole(AriaRole.Link, new() { Name = "Create key" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("From the browser");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();

        var secret = page.Locator("#secret-value");
        await Assertions.Expect(secret).ToBeHiddenAsync();
        await TakeScreenshotAsync(page, "en", ColorScheme.Light, 1280, "/secret-masked");
        await page.GetByText("Reveal").ClickAsync();
        await Assertions.Expect(secret).ToBeVisibleAsync();
        await TakeScreenshotAsync(page, "en", ColorScheme.Light, 1280, "/secret-shown");
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
    public async Task Delete_SelectedKeys_WithTheKeyboardAlone()
    {
        var key = await _app.AddKeyAsync("Keyboard");
        await using var context = await NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(_app.Url + DashboardApp.Path);
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("Keyboard");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**?q=Keyboard*");
        await PressUntilFocusedAsync(page, "input[name=id]");
        await page.Keyboard.PressAsync("Space");
        await PressUntilFocusedAsync(page, "button[value=delete]");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/bulk?*");
        await PressUntilFocusedAsync(page, "button.danger");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("1 key was deleted.")).ToBeVisibleAsync();
        Assert.That(await _app.FindKeyAsync(key.Key.Id), Is.Null);
    }

    [Test]
    public async Task Create_WithoutJavaScript_ShowsTheKey()
    {
        await using var context = await NewContextAsync(javaScript: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{_app.Url}{DashboardApp.Path}/new");
        await page.GetByLabel("Name").FillAsync("No script");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await page.GetByText("Reveal").ClickAsync();

        await Assertions.Expect(page.Locator("#secret-value")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copy" })).ToHaveCountAsync(0);
    }

    private static async Task PressUntilFocusedAsync(IPage page, string selector)
    {
        for (var i = 0; i < 60; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
            {
                return;
            }
        }

        Assert.Fail($"{selector} cannot be reached with the keyboard.");
    }

    private static List<string> CollectErrors(IPage page)
    {
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => errors.Add(error);
        return errors;
    }

    private static async Task TakeScreenshotAsync(IPage page, string language, ColorScheme scheme, int width, string path)
    {
        if (Environment.GetEnvironmentVariable(Screenshots) is { Length: > 0 } folder)
        {
            var name = string.Concat(path.Split('?')[0].Replace("{0}", "id").Replace('/', '-')) + (path.Contains('?') ? "-query" : "");
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"list{name}-{language}-{scheme}-{width}.png"), FullPage = true });
        }
    }

    private async Task<IBrowserContext> NewContextAsync(
        string language = "en", ColorScheme scheme = ColorScheme.Light, bool javaScript = true)
    {
        var context = await _browser.NewContextAsync(
            new() { Locale = language, ColorScheme = scheme, JavaScriptEnabled = javaScript, ViewportSize = new() { Width = 1280, Height = 900 } });
        await context.APIRequest.GetAsync($"{_app.Url}/sign-in?user=ada&tenant=acme");
        return context;
    }
}
