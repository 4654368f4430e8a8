using System.Net;
using System.Text.RegularExpressions;

namespace ApiKeyAuth.IntegrationTests.Samples.Twig;

/// <summary>The page's head "Via UI": Settings, API Keys, a name, a scope, an expiration, and a key that is shown once.</summary>
internal sealed partial class SettingsTests
{
    [Test]
    public async Task ViaUi_SignedInUser_CreatesAPersonalKeyThatIsShownOnce()
    {
        using var client = CreateClient();
        var settings = await SignInAsync(client, "/settings");
        Assert.That(settings, Does.Contain("href=\"/settings/api-keys\">API Keys</a>"));
        var form = await client.GetStringAsync("/settings/api-keys/new");
        var shown = await PostAsync(client, "/settings/api-keys/new", form, ("name", "Production API"), ("hasScopes", "1"),
            ("scopes", "agents:read"), ("expiry", "90"));
        var secret = Secret().Match(shown).Groups[1].Value;
        var agents = await TwigSample.Running.GetAsync(TwigSample.Agents, TwigSample.Bearer(secret));
        var chat = await TwigSample.Running.SendAsync("POST", TwigSample.Chat, "{}", TwigSample.Bearer(secret));
        var list = await client.GetStringAsync("/settings/api-keys");

        Assert.That((agents.Status, chat.Status), Is.EqualTo((200, 403)));
        Assert.That(shown, Does.Contain($"Authorization: Bearer {secret}").And.Contain("/api/agents"));
        Assert.That(list, Does.Contain("Production API").And.Not.Contain("TWIG_ADMIN_KEY").And.Not.Contain(secret));
    }

    [Test]
    public async Task ViaUi_ScopeThatTheUserLacks_IsRejected()
    {
        using var client = CreateClient();
        await SignInAsync(client, "/settings/api-keys");
        var form = await client.GetStringAsync("/settings/api-keys/new");
        var rejected = await PostAsync(
            client, "/settings/api-keys/new", form, ("name", "Too much"), ("hasScopes", "1"), ("scopes", "admin"));

        Assert.That(rejected, Does.Contain("The caller does not have the scopes of the key: admin"));
    }

    [TestCase("//evil.example")]
    [TestCase("/\\evil.example")]
    [TestCase("/settings-evil")]
    public async Task SignIn_ReturnUrlOfAnotherSite_LeadsToTheSettings(string returnUrl)
    {
        using var client = CreateClient();
        Assert.That(await SignInAsync(client, $"/login?returnUrl={Uri.EscapeDataString(returnUrl)}"), Does.Contain("<h1>Settings</h1>"));
    }

    private static HttpClient CreateClient() =>
        new(new SocketsHttpHandler { UseProxy = false, CookieContainer = new CookieContainer() })
        {
            BaseAddress = new Uri(TwigSample.Running.Address),
        };

    /// <summary>Opens a page, signs in, and returns the page that follows.</summary>
    private static async Task<string> SignInAsync(HttpClient client, string path) => await PostAsync(
        client,
        "/login",
        await client.GetStringAsync(path),
        ("email", TwigSample.Running.Export("TWIG_USER")),
        ("password", TwigSample.Running.Export("TWIG_PASSWORD")));

    /// <summary>Posts the hidden fields of a page with values, and follows the redirect.</summary>
    private static async Task<string> PostAsync(HttpClient client, string path, string page, params (string Name, string Value)[] values)
    {
        var fields = Hidden().Matches(page).Select(field => (field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value)))
            .Where(field => field.Item1 is "__RequestVerificationToken" or "returnUrl").DistinctBy(field => field.Item1).Concat(values);
        using var response = await client.PostAsync(
            path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Item1, field.Item2))));
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();

    [GeneratedRegex("id=\"secret-value\"[^>]*>([^<]+)<")]
    private static partial Regex Secret();
}
