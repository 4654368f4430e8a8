using ApiKeyAuth.IntegrationTests.Processes;
using Microsoft.Playwright;

namespace ApiKeyAuth.IntegrationTests.Dashboard;

/// <summary>Tests that all pages fit on small and large screens, and are accessible in both themes and both languages.</summary>
[Category("Long")]
public sealed class DashboardLookTests
{
    /// <summary>The variable that names a folder for screenshots of all pages. Without it, none are taken.</summary>
    private const string Screenshots = "APIKEYAUTH_TESTS_SCREENSHOTS";

    private static readonly int[] Widths = [390, 768, 1440];

    private static readonly string[] Pages =
    [
        "", "/overview", "/alerts", "/key/{0}/alerts", "/new", "/audit", "/key/{0}", "/key/{0}?range=30d", "/key/{0}/edit",
        "/key/{0}/rotate", "/key/{0}/revoke", "/key/{0}/delete", "/key/{0}/secret", "/bulk?action=delete&id={0}", "?q=nothing",
        "/key/missing", "/new?scopes=unknown:scope", "/key/key_revoked", "/key/{1}", "/key/{1}/edit", "/key/{1}/delete",
        "/bulk?action=delete&id={1}",
    ];

    private DashboardBrowser _browser = null!;
    private string _longNamed = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _browser = await DashboardBrowser.StartAsync();
        _longNamed = (await _browser.App.AddKeyAsync(new string('W', 200), "acme", "invoices:write")).Key.Id;
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
    }

    [TestCase("en", ColorScheme.Light)]
    [TestCase("en", ColorScheme.Dark)]
    [TestCase("vi", ColorScheme.Light)]
    public async Task Page_AtEachWidth_FitsWithoutErrors(string language, ColorScheme scheme)
    {
        await using var context = await _browser.NewContextAsync(language, scheme);
        var page = await context.NewPageAsync();
        var errors = DashboardBrowser.CollectErrors(page);
        await VisitAsync(page, Pages, language, scheme, errors);
        await page.GotoAsync($"{_browser.Url}/new");
        await page.Locator("#name").FillAsync("Screenshot");
        await page.Locator("button.primary").ClickAsync();
        await page.Locator("details.reveal summary").ClickAsync();
        foreach (var width in Widths)
        {
            await page.SetViewportSizeAsync(width, 900);
            await CheckAsync(page, $"/secret at {width}", errors);
            await TakeScreenshotAsync(page, language, scheme, width, "/shown");
        }


        Assert.That(errors, Is.Empty);
    }

    [TestCase("en", ColorScheme.Light)]
    [TestCase("en", ColorScheme.Dark)]
    [TestCase("vi", ColorScheme.Light)]
    [TestCase("vi", ColorScheme.Dark)]
    public async Task Page_ByAxe_HasNoViolations(string language, ColorScheme scheme)
    {
        var npm = await NpmFolder.InstalledAsync();
        var axe = await File.ReadAllTextAsync(System.IO.Path.Combine(npm.Location, "node_modules", "axe-core", "axe.min.js"));
        await using var context = await _browser.NewContextAsync(language, scheme);
        var page = await context.NewPageAsync();
        var violations = new List<string>();
        foreach (var path in Pages)
        {
            await page.GotoAsync(GetUrl(path));
            await page.EvaluateAsync("() => document.querySelectorAll('details').forEach(details => { details.open = true; })");
            violations.AddRange((await RunAxeAsync(page, axe)).Select(violation => $"{path}: {violation}"));
        }

        Assert.That(violations, Is.Empty);
    }

    // The evaluation of the browser's debugger is not subject to the content security policy.
    private static async Task<string[]> RunAxeAsync(IPage page, string axe)
    {
        await page.EvaluateAsync(axe);
        return await page.EvaluateAsync<string[]>(
            """
            async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
                .violations.flatMap(violation => violation.nodes.map(node =>
                    `${violation.id} ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`))
            """);
    }

    private string GetUrl(string path) =>
        _browser.Url + path.Replace("{0}", DashboardData.Busy).Replace("{1}", _longNamed);

    private async Task VisitAsync(IPage page, IEnumerable<string> paths, string language, ColorScheme scheme, List<string> errors)
    {
        foreach (var path in paths)
        {
            await page.GotoAsync(GetUrl(path));
            foreach (var width in Widths)
            {
                await page.SetViewportSizeAsync(width, 900);
                await CheckAsync(page, $"{path} at {width}", errors);
                await TakeScreenshotAsync(page, language, scheme, width, path);
            }
        }
    }

    private static async Task CheckAsync(IPage page, string place, List<string> errors)
    {
        var overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (overflow > 0)
        {
            errors.Add($"{place}: the page is {overflow} px too wide");
        }

        var clipped = await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('.card')].filter(card => card.scrollWidth > card.clientWidth + 1)
                .map(card => card.outerHTML.slice(0, 100))
            """);
        errors.AddRange(clipped.Select(item => $"{place}: {item} is wider than its frame"));
        var small = await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('button, .button, select, textarea, summary, input:not([type=hidden])')]
                .filter(item => item.checkVisibility() && !item.closest('label, .audit') && item.type !== 'checkbox')
                .filter(item => item.getBoundingClientRect().height < 43.5).map(item => item.outerHTML.slice(0, 120))
            """);
        errors.AddRange(small.Select(item => $"{place}: {item} is smaller than 44 px"));
    }

    private static async Task TakeScreenshotAsync(IPage page, string language, ColorScheme scheme, int width, string path)
    {
        if (Environment.GetEnvironmentVariable(Screenshots) is { Length: > 0 } folder)
        {
            var name = path.Split('?')[0].Replace("{0}", "id").Replace("{1}", "long").Replace('/', '-')
                + (path.EndsWith("={1}", StringComparison.Ordinal) ? "-long" : path.Contains('?') ? "-query" : "");
            await page.ScreenshotAsync(
                new() { Path = System.IO.Path.Combine(folder, $"list{name}-{language}-{scheme}-{width}.png"), FullPage = true });
        }
    }
}
