using System.Text.Json.Nodes;

namespace ApiKeyAuth.IntegrationTests.Cli.Imports;

/// <summary>Tests what the fields of each system become.</summary>
internal sealed class ImportMappingTests
{
    private ToolHost _tool = null!;
    private KeysDatabase _database = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _tool = new ToolHost();
        await ImportFixture.WriteSettingsAsync(_tool);
        _database = await KeysDatabase.CreateSqliteAsync();
        _tool.Variables["APIKEYAUTH_CONNECTION"] = _database.ConnectionString;
    }

    [TearDown]
    public async Task DeleteAsync()
    {
        await _database.DisposeAsync();
        _tool.Dispose();
    }

    [TestCase("unkey", "unkey.json", "Ada's agent", """
        {"ownerId":"ada","tenantId":null,"scopes":["demo:read"],"rateLimits":["100/minute"],"metadata":{"plan":"pro","seats":"5"},
        "status":"active","expiresAt":"2100-01-01T00:00:00Z","hint":""}
        """)]
    [TestCase("unkey", "unkey.json", "Bo's agent", """
        {"ownerId":"bo","tenantId":null,"scopes":["demo:read"],"rateLimits":[],"metadata":{},"status":"disabled","expiresAt":null,"hint":""}
        """)]
    [TestCase("better-auth", "better-auth.json", "Ada", """
        {"ownerId":"ada","tenantId":null,"scopes":["demo:read","demo:write"],"rateLimits":["1000/day"],"metadata":{"team":"a"},
        "status":"active","expiresAt":"2099-12-31T00:00:00Z","hint":""}
        """)]
    [TestCase("zuplo", "zuplo.json", "ada", """
        {"ownerId":"ada","tenantId":null,"scopes":["demo:read"],"rateLimits":[],
        "metadata":{"env":"live","plan":"gold","limits":"{\u0022daily\u0022:5}"},"status":"active","expiresAt":"2099-12-31T00:00:00Z",
        "hint":"8269"}
        """)]
    [TestCase("kong", "kong.yaml", "ada", """
        {"ownerId":"42","tenantId":null,"scopes":["demo:read"],"rateLimits":["60/minute","100000/365 days"],"metadata":{"tags":"mobile"},
        "status":"active","expiresAt":null,"hint":"4X8u"}
        """)]
    [TestCase("kong", "kong.yaml", "bo", """
        {"ownerId":"bo","tenantId":null,"scopes":["demo:read"],"rateLimits":[],"metadata":{},"status":"active","expiresAt":null,
        "hint":"1mQn"}
        """)]
    [TestCase("kong", "kong-lists.yaml", "eve", """
        {"ownerId":"eve","tenantId":null,"scopes":["demo:read"],"rateLimits":["30/minute"],"metadata":{},"status":"active",
        "expiresAt":null,"hint":"56Zq"}
        """)]
    [TestCase("kong", "kong-lists.yaml", "dan", """
        {"ownerId":"dan","tenantId":null,"scopes":[],"rateLimits":[],"metadata":{},"status":"active","expiresAt":null,"hint":"56Xw"}
        """)]
    [TestCase("tyk", "tyk.json", "ada@example.com", """
        {"ownerId":null,"tenantId":"02cb208674a047e80d58d4f7","scopes":["demo:read"],"rateLimits":["100/minute","10000/day"],
        "metadata":{"team":"a","tags":"beta","access_rights":"api1"},"status":"active","expiresAt":null,"hint":"ea8d"}
        """)]
    [TestCase("aws", "aws.csv", "Ada", """
        {"ownerId":null,"tenantId":null,"scopes":["demo:read"],"rateLimits":[],
        "metadata":{"description":"The first one, of Ada","usageplanids":"plan1 plan2"},"status":"active","expiresAt":null,"hint":"e4e3"}
        """)]
    [TestCase("azure", "azure.json", "Ada", """
        {"ownerId":"ada","tenantId":null,"scopes":["demo:read"],"rateLimits":[],"metadata":{"scope":"/products/starter"},
        "status":"active","expiresAt":null,"hint":"fb7e"}
        """)]
    [TestCase("nginx", "nginx.conf", "client_two", """
        {"ownerId":"client_two","tenantId":null,"scopes":["demo:read"],"rateLimits":[],"metadata":{},"status":"active","expiresAt":null,
        "hint":"o4SA"}
        """)]
    [TestCase("envoy", "envoy.yaml", "one_client", """
        {"ownerId":"one_client","tenantId":null,"scopes":["demo:read"],"rateLimits":[],"metadata":{},"status":"active","expiresAt":null,
        "hint":"5Su6"}
        """)]
    [TestCase("litellm", "litellm.json", "ada-agent", """
        {"ownerId":"ada","tenantId":"team-a","scopes":["demo:read"],"rateLimits":["60/minute"],
        "metadata":{"cost_center":"7","models":"gpt-synthetic"},"status":"active","expiresAt":"2099-12-31T00:00:00Z","hint":"HNA4"}
        """)]
    [TestCase("csv", "keys.csv", "Ada", """
        {"ownerId":"ada","tenantId":null,"scopes":["demo:read","demo:write"],"rateLimits":["60/minute","1000/hour"],
        "metadata":{"team":"a"},"status":"active","expiresAt":"2099-12-31","hint":"rOlR"}
        """)]
    [TestCase("json", "keys.json", "Ada", """
        {"ownerId":null,"tenantId":null,"scopes":["demo:read"],"rateLimits":["60/minute"],"metadata":{"team":"a"},"status":"active",
        "expiresAt":null,"hint":"OnFD"}
        """)]
    public async Task Import_Fields_BecomeValuesOfTheKey(string source, string file, string name, string expected)
    {
        (await _tool.RunAsync(
            "keys", "import", ImportFixture.PathOf(file), "--from", source, "--map-scope", "readers=demo:read", "--map-scope", "admins="))
            .AssertSucceeded();

        var fields = "ownerId,tenantId,scopes,rateLimits,metadata,status,expiresAt,hint,name";
        var keys = JsonNode.Parse((await _tool.RunAsync("keys", "list", "--json", fields)).AssertSucceeded().Output)!.AsArray();
        var key = keys.First(node => (string?)node!["name"] == name)!.AsObject();
        key.Remove("name");
        Assert.That(JsonNode.DeepEquals(key, JsonNode.Parse(expected)), key.ToJsonString());
    }

    [Test]
    public async Task Import_TwoKeysOfASubscription_AreTwoSecretsOfOneKeyUntilItIsRotated()
    {
        (await _tool.RunAsync("keys", "import", ImportFixture.PathOf("azure.json"), "--from", "azure")).AssertSucceeded();
        var id = (await _tool.RunAsync("keys", "list")).Output.Split('\t')[0];
        string[] secrets = ["6014a4175a9aaa89b7fbddb38e46fb7e", "96f489cb8f9690c7c13b1cd2dbfb6d9c"];
        foreach (var secret in secrets)
        {
            (await _tool.RunWithInputAsync(secret, "keys", "verify")).AssertSucceeded();
        }

        (await _tool.RunAsync("keys", "rotate", id, "-o", "new.key")).AssertSucceeded();

        foreach (var secret in secrets)
        {
            Assert.That((await _tool.RunWithInputAsync(secret, "keys", "verify")).ExitCode, Is.EqualTo(1));
        }
    }
}
