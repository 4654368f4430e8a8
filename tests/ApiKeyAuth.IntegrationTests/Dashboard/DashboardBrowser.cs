using ApiKeyAuth.Dashboard;
using ApiKeyAuth.IntegrationTests.Processes;
using Microsoft.Playwright;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Represents a browser and an app with keys, for the tests that do what a person does.</summary>
internal sealed class DashboardBrowser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private DashboardBrowser(IPlaywright playwright, IBrowser browser, DashboardApp app)
    {
        _playwright = playwright;
        _browser = browser;
        App = app;
    }

    public DashboardApp App { get; }

    public string Url => App.Url + DashboardApp.Path;

    /// <summary>Starts both. Without Chromium the test is skipped, and fails in CI.</summary>
    public static async Task<DashboardBrowser> StartAsync(Action<ApiKeyDashboardOptions>? configure = null)
    {
        var chromium = Installed.Find("chromium", "chromium");
        var playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout((float)Eventually.Deadline.TotalMilliseconds);
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox"] });
        var app = await DashboardApp.StartAsync(DashboardData.AddStore, configure: configure);
        await DashboardData.AddAsync(app);
        await DashboardData.AddDeliveriesAsync(app);
        return new(playwright, browser, app);
    }

    /// <summary>Creates a context in which a user is signed in.</summary>
    public async Task<IBrowserContext> NewContextAsync(
        string language = "en",
        ColorScheme scheme = ColorScheme.Light,
        bool javaScript = true,
        string user = "ada",
        string role = "manager")
    {
        var context = await _browser.NewContextAsync(new()
        {
            Locale = language,
            ColorScheme = scheme,
            JavaScriptEnabled = javaScript,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = 1280, Height = 900 },
        });
        context.SetDefaultTimeout((float)Eventually.Deadline.TotalMilliseconds);
        await SignInAsync(context, user, role);
        return context;
    }

    public async Task SignInAsync(IBrowserContext context, string user = "ada", string role = "manager") =>
        await context.APIRequest.GetAsync($"{App.Url}/sign-in?user={user}&tenant=acme&role={role}");

    /// <summary>Collects what the browser reports about a page, such as violations of the content security policy.</summary>
    public static List<string> CollectErrors(IPage page)
    {
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !message.Text.Contains("status of 40", StringComparison.Ordinal))
            {
                errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => errors.Add(error);
        return errors;
    }

    /// <summary>Presses Tab until an element has the focus.</summary>
    public static async Task PressUntilFocusedAsync(IPage page, string selector)
    {
        for (var i = 0; i < 80; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
            {
                return;
            }
        }

        Assert.Fail($"{selector} cannot be reached with the keyboard.");
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await App.DisposeAsync();
        _playwright.Dispose();
    }
}
