using System.Net;
using System.Text.RegularExpressions;

namespace ApiKeyAuth.IntegrationTests.Samples.Twig;

/// <summary>Tests how the access of an OAuth client continues and ends, is limited, and how errors reach the client.</summary>
internal sealed partial class OAuthSessionTests
{
    private const string Scope = "openid offline_access agents:read";

    [Test]
    public async Task RefreshToken_Used_GivesNewTokensAndIsReplaced()
    {
        var login = await SignedInUser.LoginAsync(Scope);
        using var user = new SignedInUser("");
        var client = SignedInUser.Client(user, Scope);

        var refreshed = await client.RefreshTokenAsync(login.RefreshToken);

        Assert.That(refreshed.IsError, Is.False, refreshed.Error);
        Assert.That(refreshed.RefreshToken, Is.Not.Null.And.Not.EqualTo(login.RefreshToken));
        Assert.That((await GetAgentsAsync(refreshed.AccessToken)).Status, Is.EqualTo(200));
        Assert.That((await client.RefreshTokenAsync("wrong")).Error, Is.EqualTo("invalid_grant"));
    }

    [Test]
    public async Task RefreshToken_WithoutOfflineAccess_IsNotIssued()
    {
        var login = await SignedInUser.LoginAsync("openid agents:read");
        Assert.That((login.IsError, login.RefreshToken), Is.EqualTo((false, (string?)null)));
    }

    [Test]
    public async Task Token_Revoked_IsRejectedAtOnce()
    {
        var login = await SignedInUser.LoginAsync(Scope);
        Assert.That((await GetAgentsAsync(login.AccessToken)).Status, Is.EqualTo(200));

        foreach (var token in new[] { login.AccessToken, login.RefreshToken })
        {
            using var client = new HttpClient();
            using var revoked = await client.PostAsync(
                $"{TwigSample.Running.Address}/oauth/revoke",
                new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["client_id"] = TwigSample.Running.Export("TWIG_CLIENT_ID"),
                    ["token"] = token,
                }));
            Assert.That(revoked.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        TwigSample.AssertError(await GetAgentsAsync(login.AccessToken), 401, "invalid_api_key", "The API key provided is invalid");
        using var user = new SignedInUser("");
        Assert.That((await SignedInUser.Client(user, Scope).RefreshTokenAsync(login.RefreshToken)).Error, Is.EqualTo("invalid_grant"));
    }

    [Test]
    public async Task SignOut_OfASignedInUser_EndsTheSession()
    {
        using var client = await SignInAsync();
        var settings = await client.GetStringAsync("/settings");
        using var forged = await client.PostAsync("/logout", new FormUrlEncodedContent([]));
        var before = await client.GetStringAsync("/settings");

        using var left = await client.PostAsync("/logout", Form(settings));

        Assert.That(forged.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(before, Does.Contain("<h1>Settings</h1>"));
        Assert.That(left.RequestMessage!.RequestUri!.AbsolutePath, Is.EqualTo("/login"));
        Assert.That(await client.GetStringAsync("/settings"), Does.Contain("<h1>Sign in</h1>"));
    }

    [Test, Category("Long")]
    public async Task Requests_OfAUsersTokens_AreLimitedTogether()
    {
        await using var sample = await RunningSample.StartAsync(
            "Twig", new Dictionary<string, string?> { ["OAuth__RequestsPerMinute"] = "2" });
        var tokens = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var user = new SignedInUser(sample.Export("TWIG_PASSWORD"));
            var login = await SignedInUser.Client(user, "openid agents:read", sample: sample).LoginAsync();
            tokens.Add(TwigSample.Bearer(login.AccessToken!));
        }

        var first = await sample.GetAsync(TwigSample.Agents, tokens[0]);
        var second = await sample.GetAsync(TwigSample.Agents, tokens[1]);
        var refused = await sample.GetAsync(TwigSample.Agents, tokens[0]);
        var key = await sample.GetAsync(TwigSample.Keys, TwigSample.Bearer(sample.Export("TWIG_ADMIN_KEY")));

        Assert.That((first.Status, second.Status, key.Status), Is.EqualTo((200, 200, 200)));
        Assert.That((refused.Status, refused.Json.GetProperty("error").GetProperty("code").GetString()),
            Is.EqualTo((429, "rate_limit_exceeded")));
        Assert.That(int.Parse(refused.Header("Retry-After")!), Is.InRange(1, 60));
    }

    [TestCase("scope=admin", "invalid_scope")]
    [TestCase("response_type=token", "unsupported_response_type")]
    [TestCase("prompt=none", "login_required")]
    public async Task Error_OfARequest_IsSentToTheRedirectAddress(string parameter, string error)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await client.GetAsync(CreateRequest(parameter));

        var location = answer.Headers.Location?.ToString();
        Assert.That(location, Does.StartWith(TwigSample.Running.Export("TWIG_REDIRECT_URI")), await answer.Content.ReadAsStringAsync());
        Assert.That(location, Does.Contain($"error={error}").And.Contain("state=s1"));
    }

    [Test]
    public async Task PromptNone_OfASignedInUser_NeedsConsent()
    {
        using var client = await SignInAsync(redirects: false);
        using var answer = await client.GetAsync(CreateRequest("prompt=none"));

        Assert.That(
            answer.Headers.Location?.ToString(),
            Does.StartWith(TwigSample.Running.Export("TWIG_REDIRECT_URI")).And.Contain("error=consent_required"));
    }

    private static Task<SampleAnswer> GetAgentsAsync(string? token) =>
        TwigSample.Running.GetAsync(TwigSample.Agents, TwigSample.Bearer(token!));

    /// <summary>Creates the address of a request of the client, in which one parameter is replaced.</summary>
    private static string CreateRequest(string parameter)
    {
        var parameters = new Dictionary<string, string>
        {
            ["client_id"] = TwigSample.Running.Export("TWIG_CLIENT_ID"),
            ["redirect_uri"] = TwigSample.Running.Export("TWIG_REDIRECT_URI"),
            ["response_type"] = "code",
            ["scope"] = "openid",
            ["state"] = "s1",
            ["code_challenge"] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            ["code_challenge_method"] = "S256",
            [parameter.Split('=')[0]] = parameter.Split('=')[1],
        };
        var query = string.Join('&', parameters.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        return $"{TwigSample.Running.Address}/oauth/authorize?{query}";
    }

    private static async Task<HttpClient> SignInAsync(bool redirects = true)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            CookieContainer = new CookieContainer(),
            AllowAutoRedirect = redirects,
        })
        {
            BaseAddress = new Uri(TwigSample.Running.Address),
        };
        using var signedIn = await client.PostAsync(
            "/login",
            Form(
                await client.GetStringAsync("/login"),
                ("email", TwigSample.Running.Export("TWIG_USER")),
                ("password", TwigSample.Running.Export("TWIG_PASSWORD"))));
        return client;
    }

    private static FormUrlEncodedContent Form(string page, params (string Name, string Value)[] values) => new(
        Hidden().Matches(page).Select(field => (field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value)))
            .Concat(values).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)));

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">")]
    private static partial Regex Hidden();
}
