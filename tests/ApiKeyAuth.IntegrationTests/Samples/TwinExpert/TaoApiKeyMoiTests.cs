namespace ApiKeyAuth.IntegrationTests.Samples.TwinExpert;

/// <summary>The page's heading "Tạo API Key mới": its three blocks of code, with host and placeholder replaced.</summary>
internal sealed class TaoApiKeyMoiTests
{
    private const string JavaScript = """
        const response = await fetch('https://api.twinexpert.com/api/v1/auth/api-keys', {
          method: 'POST',
          headers: {
            'Authorization': 'Bearer YOUR_JWT_TOKEN',
            'Content-Type': 'application/json'
          },
          body: JSON.stringify({
            name: 'My App',
            scope: 'full_access'
          })
        });

        const data = await response.json();
        console.log('API Key:', data.data.key);
        """;

    private const string Curl = """
        curl -X POST "https://api.twinexpert.com/api/v1/auth/api-keys" \
          -H "Authorization: Bearer YOUR_JWT_TOKEN" \
          -H "Content-Type: application/json" \
          -d '{
            "name": "My App",
            "scope": "full_access"
          }'
        """;

    private const string Python = """
        import requests

        headers = {
            'Authorization': 'Bearer YOUR_JWT_TOKEN',
            'Content-Type': 'application/json'
        }

        data = {
            'name': 'My App',
            'scope': 'full_access'
        }

        response = requests.post(
            'https://api.twinexpert.com/api/v1/auth/api-keys',
            headers=headers,
            json=data
        )

        api_key = response.json()['data']['key']
        print(f'API Key: {api_key}')
        """;

    [Test]
    public async Task JavaScript_Block_PrintsAKeyThatWorks() => await AssertWorksAsync(KeyOf(await PageCode.NodeAsync(Filled(JavaScript))));

    [Test]
    public async Task Python_Block_PrintsAKeyThatWorks() => await AssertWorksAsync(KeyOf(await PageCode.PythonAsync(Filled(Python))));

    [Test]
    public async Task Curl_Block_AnswersWithAKeyThatWorks()
    {
        var output = await PageCode.ShellAsync(Filled(Curl));

        var data = System.Text.Json.JsonDocument.Parse(output).RootElement.GetProperty("data");
        Assert.That(SampleAnswer.Members(data), Is.EqualTo(new[] { "id", "name", "scope", "key", "createdAt" }));
        Assert.That((data.GetProperty("name").GetString(), data.GetProperty("scope").GetString()), Is.EqualTo(("My App", "full_access")));
        await AssertWorksAsync(data.GetProperty("key").GetString()!);
    }

    [Test]
    public async Task Post_WithJwt_Is201AndStoredNowhere()
    {
        var made = await TwinExpertSample.Running.SendAsync(
            "POST", TwinExpertSample.ApiKeys, """{"name":"My App","scope":"read_only"}""", "Authorization: Bearer " + TwinExpertSample.Jwt);

        Assert.That((made.Status, made.Header("Cache-Control")), Is.EqualTo((201, "no-store")));
        Assert.That(TwinExpertSample.Running.Output, Does.Not.Contain(made.Json.GetProperty("data").GetProperty("key").GetString()));
    }

    private static string Filled(string block) => block
        .Replace("https://api.twinexpert.com", TwinExpertSample.Running.Address, StringComparison.Ordinal)
        .Replace("YOUR_JWT_TOKEN", TwinExpertSample.Jwt, StringComparison.Ordinal);

    private static string KeyOf(string output)
    {
        Assert.That(output, Does.StartWith("API Key: twin_live_"));
        return output.Split(": ")[1].Trim();
    }

    private static async Task AssertWorksAsync(string key)
    {
        var twins = await TwinExpertSample.Running.GetAsync(TwinExpertSample.Twins, "Authorization: Bearer " + key);
        Assert.That((twins.Status, twins.Header("X-RateLimit-Limit")), Is.EqualTo((200, "500")));
    }
}
