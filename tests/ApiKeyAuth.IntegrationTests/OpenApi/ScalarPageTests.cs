using ApiKeyAuth.IntegrationTests.Processes;
using Microsoft.Playwright;

namespace ApiKeyAuth.IntegrationTests.OpenApi;

/// <summary>The page of Scalar in headless Chromium: a key that is entered there is sent with requests.</summary>
[Category("Long")]
internal sealed class ScalarPageTests
{
    [TestCase("ApiKey.Bearer", "Token")]
    [TestCase("ApiKey.X-API-Key", "QUxMIFlPVVIgQkFTRSBBUkUgQkVMT05HIFRPIFVT")]
    public async Task Page_WithAKeyForAScheme_SendsRequestsThatSucceed(string scheme, string placeholder)
    {
        var chromium = Installed.Find("chromium", "chromium");
        await using var app = await DocumentedApp.StartAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox"] });
        var page = await browser.NewPageAsync();
        page.SetDefaultTimeout((float)Eventually.Deadline.TotalMilliseconds);
        await page.GotoAsync($"{app.Address}/scalar/v1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Select Auth Type" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = scheme }).ClickAsync();
        await page.GetByPlaceholder(placeholder).First.FillAsync(app.Key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Test Request" }).First.ClickAsync();

        var response = await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Send") }).First.ClickAsync(),
            each => each.Url.EndsWith("/orders", StringComparison.Ordinal));

        Assert.That(response.Status, Is.EqualTo(200));
        Assert.That(await response.TextAsync(), Does.Contain("order 1"));
    }
}
