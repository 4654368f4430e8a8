using Duende.IdentityModel.OidcClient;

namespace ApiKeyAuth.IntegrationTests.Samples.Twig;

/// <summary>The page's heads "OAuth 2.0 (For User Context)", by an OAuth client library in its five steps, and "Personal Keys".</summary>
internal sealed class OAuthTests
{
    private const string All = "openid chat agents:read agents:write agents:delete data:read";

    [Test]
    public async Task Flow_InItsSteps_GivesATokenThatMeetsScopes()
    {
        var user = TwigSample.Bearer(await TokenAsync("openid chat agents:read"));

        Assert.That((await TwigSample.Running.GetAsync(TwigSample.Agents, user)).Body, Does.Contain("agent-123"));
        Assert.That(
            (await TwigSample.Running.SendAsync("POST", TwigSample.Chat, """{"prompt":"Hello","agentId":"agent-123"}""", user)).Json.GetProperty("response").GetString(),
            Is.EqualTo("Support heard: Hello"));
        TwigSample.AssertError(
            await TwigSample.Running.SendAsync("POST", TwigSample.Agents, """{"name":"n"}""", user),
            403,
            "insufficient_scope",
            "API key lacks required scope: agents:write");
    }

    [Test]
    public async Task Scope_ThatTheUserLacks_IsNotGranted()
    {
        var user = TwigSample.Bearer(await TokenAsync(All));

        Assert.That((await TwigSample.Running.GetAsync("/api/data", user)).Status, Is.EqualTo(200));
        TwigSample.AssertError(
            await TwigSample.Running.SendAsync("DELETE", TwigSample.Agents + "/agent-123", null, user),
            403,
            "insufficient_scope",
            "API key lacks required scope: agents:delete");
    }

    [Test]
    public async Task Scope_Admin_CannotBeRequested()
    {
        var rejected = await SignedInUser.LoginAsync("openid admin");
        Assert.That((rejected.IsError, rejected.AccessToken), Is.EqualTo((true, (string?)null)));
    }

    [Test]
    public async Task User_WhoDenies_GrantsNothing()
    {
        var rejected = await SignedInUser.LoginAsync("openid chat", decision: "deny");
        Assert.That((rejected.Error, rejected.AccessToken), Is.EqualTo(("access_denied", (string?)null)));
    }

    [Test]
    public async Task Pages_OfTheFlow_AreSignInAndConsentAndNameTheScopes()
    {
        using var user = new SignedInUser(TwigSample.Running.Export("TWIG_PASSWORD"));
        await SignedInUser.Client(user, "openid chat").LoginAsync(new LoginRequest());

        Assert.That(user.Pages, Has.Count.EqualTo(2));
        Assert.That(user.Pages[0], Does.Contain("type=\"password\"").And.Contain("__RequestVerificationToken"));
        Assert.That(
            user.Pages[1],
            Does.Contain("Allow Twig Demo App?").And.Contain("Chat and completion requests. <code>chat</code>")
                .And.Not.Contain("agents:read"));
    }

    [Test]
    public async Task Password_Wrong_LeadsNowhere()
    {
        using var user = new SignedInUser("wrong");
        var rejected = await SignedInUser.Client(user, "openid chat").LoginAsync(new LoginRequest());
        Assert.That((rejected.IsError, rejected.AccessToken), Is.EqualTo((true, (string?)null)));
        Assert.That(user.Pages[^1], Does.Contain("The email address or the password is incorrect."));
    }

    [TestCase("http://127.0.0.1:5099/elsewhere")]
    [TestCase("https://evil.example/callback")]
    public async Task RedirectAddress_ThatIsNotTheClients_IsRejected(string address)
    {
        var rejected = await SignedInUser.LoginAsync("openid chat", redirectUri: address);
        Assert.That((rejected.IsError, rejected.AccessToken), Is.EqualTo((true, (string?)null)));
    }

    [TestCase("")]
    [TestCase("&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=plain")]
    public async Task Request_WithoutPkce_IsRejected(string challenge)
    {
        var query = $"client_id={TwigSample.Running.Export("TWIG_CLIENT_ID")}&response_type=code&scope=chat&redirect_uri={Uri.EscapeDataString(TwigSample.Running.Export("TWIG_REDIRECT_URI"))}{challenge}";
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });

        using var answer = await client.GetAsync($"{TwigSample.Running.Address}/oauth/authorize?{query}");

        Assert.That(
            answer.Headers.Location?.ToString(),
            Does.StartWith(TwigSample.Running.Export("TWIG_REDIRECT_URI")).And.Contain("error=invalid_request"));
    }

    [Test]
    public async Task Form_WithoutItsToken_IsRejected()
    {
        using var client = new HttpClient();
        using var answer = await client.PostAsync(
            TwigSample.Running.Address + "/login",
            new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["email"] = TwigSample.Running.Export("TWIG_USER"),
                ["password"] = TwigSample.Running.Export("TWIG_PASSWORD"),
            }));
        Assert.That((int)answer.StatusCode, Is.EqualTo(400));
        Assert.That(answer.Headers.Contains("Set-Cookie"), Is.False);
    }

    [TestCase("Authorization: Bearer eyJhbGciOiJub25lIn0.e30.")]
    [TestCase("Authorization: Bearer eyJ.a.b")]
    public async Task Token_Wrong_ReadsLikeAWrongKey(string header) =>
        TwigSample.AssertError(
            await TwigSample.Running.GetAsync(TwigSample.Agents, header), 401, "invalid_api_key", "The API key provided is invalid");

    [Test]
    public async Task PersonalKey_MadeByAUsersToken_IsLimitedToWhatTheUserMayDo()
    {
        var user = TwigSample.Bearer(await TokenAsync(All));
        var made = await TwigSample.Running.SendAsync("POST", TwigSample.Keys, """{"name":"Mine","scopes":["agents:read"]}""", user);
        Assert.That((made.Status, made.Json.GetProperty("type").GetString()), Is.EqualTo((201, "personal")), made.Body);
        var key = TwigSample.Bearer(made.Json.GetProperty("key").GetString()!);

        Assert.That((await TwigSample.Running.GetAsync(TwigSample.Agents, key)).Status, Is.EqualTo(200));
        TwigSample.AssertError(
            await TwigSample.Running.GetAsync("/api/data", key), 403, "insufficient_scope", "API key lacks required scope: data:read");
        TwigSample.AssertError(
            await TwigSample.Running.GetAsync(TwigSample.Keys, key), 403, "insufficient_scope", "API key lacks required scope: admin");

        var list = (await TwigSample.Running.GetAsync(TwigSample.Keys, user)).Json.GetProperty("apiKeys");
        Assert.That(
            list.EnumerateArray().Select(each => each.GetProperty("type").GetString()),
            Is.Not.Empty.And.All.EqualTo("personal"),
            "a user sees only their own keys");
    }

    [TestCase("""{"name":"n","scopes":["agents:delete"]}""", 403)]
    [TestCase("""{"name":"n","scopes":["admin"]}""", 403)]
    [TestCase("""{"name":"n","scopes":["chat"],"type":"organization"}""", 400)]
    [TestCase("""{"name":"n"}""", 400)]
    public async Task PersonalKey_BeyondTheToken_IsRejected(string body, int status)
    {
        var rejected = await TwigSample.Running.SendAsync("POST", TwigSample.Keys, body, TwigSample.Bearer(await TokenAsync(All)));
        Assert.That(
            (rejected.Status, SampleAnswer.Members(rejected.Json)), Is.EqualTo((status, new[] { "error", "status" })), rejected.Body);
    }

    [Test]
    public async Task Discovery_NamesTheFlow()
    {
        var document = (await TwigSample.Running.GetAsync("/.well-known/openid-configuration")).Json;
        string[] Values(string name) => [.. document.GetProperty(name).EnumerateArray().Select(value => value.GetString()!)];
        Assert.That(document.GetProperty("token_endpoint").GetString(), Does.EndWith("/oauth/token"));
        Assert.That(
            (Values("grant_types_supported"), Values("code_challenge_methods_supported")),
            Is.EqualTo((new[] { "authorization_code", "refresh_token" }, new[] { "S256" })));
        Assert.That(Values("scopes_supported"), Is.SupersetOf(new[] { "chat", "agents:read", "analytics:read" }).And.Not.Contains("admin"));
    }

    private static async Task<string> TokenAsync(string scope)
    {
        var login = await SignedInUser.LoginAsync(scope);
        Assert.That(login.IsError, Is.False, $"{login.Error} {login.ErrorDescription}");
        return login.AccessToken!;
    }
}
