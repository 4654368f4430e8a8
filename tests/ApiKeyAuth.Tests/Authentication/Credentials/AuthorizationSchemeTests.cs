using ApiKeyAuth.Authentication;
using ApiKeyAuth.Tests.Startup;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Tests.Authentication.Credentials;

/// <summary>Tests the words before a key in the <c>Authorization</c> header, and schemes with several headers.</summary>
public sealed class AuthorizationSchemeTests
{
    private TestApp _app = null!;
    private string _secret = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireScope("a"),
            keys: keys => keys.AddScheme("ApiKey", scheme =>
                (scheme.AuthorizationSchemes, scheme.Headers, scheme.Realm) = (["ApiKey", "Token"], ["X-One", "X-Two"], "r")));
        _secret = await _app.IssueAsync(key => key with { Scopes = TestApp.Scopes("a") });
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [TestCase("Authorization: ApiKey {0}", 200, "")]
    [TestCase("Authorization: aPIkEY   {0}", 200, "")]
    [TestCase("Authorization: Token {0}", 200, "")]
    [TestCase("X-One: {0}", 200, "")]
    [TestCase("x-two: {0}", 200, "")]
    [TestCase("Authorization: Bearer {0}", 401, "missing_api_key")]
    [TestCase("Authorization: Tokens {0}", 401, "missing_api_key")]
    [TestCase("Authorization: ApiKey{0}", 401, "missing_api_key")]
    [TestCase("X-API-Key: {0}", 401, "missing_api_key")]
    [TestCase("X-Two: nonsense", 401, "invalid_api_key")]
    [TestCase("X-One: {0}\r\nX-Two: {0}", 400, "invalid_request")]
    [TestCase("X-Two: {0}\r\nX-Two: {0}", 400, "invalid_request")]
    [TestCase("Authorization: Token {0}\r\nX-Two: {0}", 400, "invalid_request")]
    [TestCase("Authorization: Token {0}\r\nAuthorization: Bearer {0}", 400, "invalid_request")]
    public async Task Request_WithAWordOrHeader_IsReadFromThese(string lines, int status, string code)
    {
        var answer = await _app.SendRawAsync("/", string.Format(null, lines, _secret));
        Assert.That(answer, Does.StartWith($"HTTP/1.1 {status} ").And.Contains(code));
    }

    [Test]
    public async Task Challenge_SeveralWords_ListsEach()
    {
        using var missing = await _app.SendAsync("/");
        using var invalid = await _app.SendAsync("/", ("X-One", "nonsense"));
        Assert.That(missing.Lines("WWW-Authenticate"), Is.EqualTo(new[] { "ApiKey realm=\"r\"", "Token realm=\"r\"" }));
        Assert.That(
            invalid.Lines("WWW-Authenticate"),
            Is.EqualTo(new[] { "ApiKey realm=\"r\", error=\"invalid_token\"", "Token realm=\"r\", error=\"invalid_token\"" }));
    }

    [Test]
    public async Task Forbidden_SeveralWords_NamesTheScopesOnce()
    {
        using var answer = await _app.SendAsync("/", ("X-One", await _app.IssueAsync()));
        await answer.AssertRefusedAsync(403, "insufficient_scope");
        Assert.That(
            answer.Lines("WWW-Authenticate"), Is.EqualTo(new[] { "ApiKey realm=\"r\", error=\"insufficient_scope\", scope=\"a\"" }));
    }

    [Test]
    public async Task Vary_SeveralHeaders_NamesEach()
    {
        using var answer = await _app.SendAsync("/", ("X-Two", _secret));
        Assert.That(answer.Line("Vary"), Is.EqualTo("Authorization, X-One, X-Two"));
    }

    [TestCase("""{"Headers":["X-One","X-Two"],"AuthorizationSchemes":["ApiKey","Token"]}""", "ApiKey Token", "X-One X-Two")]
    [TestCase("""{"Headers":"X-One","AuthorizationSchemes":"ApiKey"}""", "ApiKey", "X-One")]
    [TestCase("""{"Headers":[],"AuthorizationSchemes":["Token"]}""", "Token", "")]
    [TestCase("""{"AuthorizationSchemes":null}""", "", "X-API-Key")]
    [TestCase("""{"AuthorizationSchemes":""}""", "", "X-API-Key")]
    [TestCase("""{"Realm":"r"}""", "Bearer", "X-API-Key")]
    public async Task Settings_OneValueOrAList_AreRead(string scheme, string words, string headers)
    {
        var builder = StartUp.CreateBuilder("Production", out _).AddJson("""{"ApiKeyAuth":{"Schemes":{"ApiKey":""" + scheme + "}}}");
        builder.AddApiKeyAuth();
        await using var app = builder.Build();
        var options = app.Services.GetRequiredService<IOptionsMonitor<ApiKeySchemeOptions>>().Get("ApiKey");
        Assert.That((string.Join(' ', options.AuthorizationSchemes), string.Join(' ', options.Headers)), Is.EqualTo((words, headers)));
    }
}
