using System.Net;
using System.Text.RegularExpressions;

namespace ApiKeyAuth.IntegrationTests.Samples;

/// <summary>Represents the dashboard of a sample, opened by the link that the sample prints.</summary>
internal sealed partial class SampleDashboard : IDisposable
{
    private readonly HttpClient _client;

    private SampleDashboard(HttpClient client, string path)
    {
        _client = client;
        Path = path;
    }

    /// <summary>Gets the path of the list.</summary>
    public string Path { get; }

    /// <summary>Opens the link, which works once.</summary>
    public static async Task<SampleDashboard> OpenAsync(RunningSample sample)
    {
        var link = new Uri(Link().Match(sample.Output).Groups[1].Value);
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, CookieContainer = new() })
        {
            BaseAddress = new Uri(sample.Address),
        };
        using var list = await client.GetAsync(link);
        Assert.That(list.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        using var stranger = new HttpClient();
        Assert.That((await stranger.GetAsync(link)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), "the link was used");
        return new(client, list.RequestMessage!.RequestUri!.AbsolutePath);
    }

    public Task<string> GetAsync(string path = "") => _client.GetStringAsync(Path + path);

    /// <summary>Sends the form of a page, and returns the page that follows.</summary>
    public async Task<string> PostAsync(string page, string path, params (string Name, string Value)[] values)
    {
        var token = WebUtility.HtmlDecode(Token().Match(await GetAsync(page)).Groups[1].Value);
        var fields = values.Append(("__RequestVerificationToken", token));
        using var response = await _client.PostAsync(
            Path + path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Item1, field.Item2))));
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
    }

    /// <summary>Returns the secret that a page shows.</summary>
    public static string FindSecret(string page) => Secret().Match(page).Groups[1].Value;

    public void Dispose() => _client.Dispose();

    [GeneratedRegex("Open the dashboard once with this link: (http\\S+)")]
    private static partial Regex Link();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("id=\"secret-value\"[^>]*>([^<]+)<")]
    private static partial Regex Secret();
}
