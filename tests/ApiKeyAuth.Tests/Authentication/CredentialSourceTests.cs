using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Tests.Authentication;

public sealed class CredentialSourceTests
{
    private TestApp _app = null!;
    private string _secret = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _app = await TestApp.StartAsync(
            web => web.MapGet("/", (HttpContext context) => context.GetApiKey()!.Id).RequireAuthorization(),
            options: options => options.RateLimiting.FailedAuthentications = null,
            keys: keys => keys.AddScheme("ApiKey", scheme => scheme.UnsafeQueryParameter = "api_key"));
        _secret = await _app.IssueAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [TestCase("X-API-Key: {0}")]
    [TestCase("x-api-key:{0}   ")]
    [TestCase("Authorization: Bearer {0}")]
    [TestCase("Authorization: bEaReR   {0}")]
    [TestCase("Authorization: BEARER {0} ")]
    [TestCase("authorization:\tbearer {0}\t")]
    [TestCase("Authorization: Basic YTpi", "X-API-Key: {0}")]
    [TestCase("Authorization: Bearer", "X-API-Key: {0}")]
    [TestCase("Authorization: Bearer a.b.c", "X-API-Key: {0}")]
    [TestCase("X-API-Key: ", "Authorization: Bearer {0}")]
    public async Task Source_OneKey_IsAccepted(params string[] lines)
    {
        var answer = await _app.SendRawAsync("/", Filled(lines));
        Assert.That(answer, Does.StartWith("HTTP/1.1 200 OK").And.Contains("key1"));
    }

    [TestCase("/?api_key={0}")]
    [TestCase("/?API_KEY={0}")]
    [TestCase("/?api_key=%{1:x2}{2}")]
    [TestCase("/?other=1&Api_Key={0}&other=2")]
    public async Task Query_OneKey_IsAccepted(string target)
    {
        var answer = await _app.SendRawAsync(string.Format(null, target, _secret, (int)_secret[0], _secret[1..]));
        Assert.That(answer, Does.StartWith("HTTP/1.1 200 OK"));
    }

    [TestCase("/")]
    [TestCase("/", "X-API-Key:")]
    [TestCase("/", "X-API-Key:  \t ")]
    [TestCase("/", "Authorization:")]
    [TestCase("/", "Authorization: Bearer")]
    [TestCase("/", "Authorization: Bearer    ")]
    [TestCase("/", "Authorization: Basic YTpi")]
    [TestCase("/?api_key=")]
    [TestCase("/?api_key=%20%09")]
    [TestCase("/?api_key")]
    [TestCase("/?other=1", "X-API-Key: ", "Authorization: Bearer ")]
    public async Task Credential_NoneOrBlank_IsMissingWithoutError(string target, params string[] lines)
    {
        var answer = await _app.SendRawAsync(target, lines);
        Assert.That(answer, Does.StartWith("HTTP/1.1 401 Unauthorized"));
        Assert.That(answer, Does.Contain("\"code\":\"missing_api_key\""));
        Assert.That(answer, Does.Contain("\r\nWWW-Authenticate: Bearer\r\n"));
    }

    [TestCase("/", "X-API-Key: {0}", "X-API-Key: {0}")]
    [TestCase("/", "X-API-Key: {0}", "x-api-key: other")]
    [TestCase("/", "X-API-Key: ", "X-API-Key: {0}")]
    [TestCase("/", "Authorization: Bearer {0}", "Authorization: Bearer {0}")]
    [TestCase("/", "Authorization: Bearer {0}", "authorization: Basic YTpi")]
    [TestCase("/", "Authorization: Bearer {0}", "X-API-Key: {0}")]
    [TestCase("/", "Authorization: Bearer {0}", "X-API-Key: nonsense")]
    [TestCase("/?api_key={0}&API_KEY={0}")]
    [TestCase("/?api_key={0}&API_KEY=")]
    [TestCase("/?api_key={0}", "X-API-Key: {0}")]
    [TestCase("/?api_key={0}", "Authorization: Bearer {0}")]
    public async Task Credential_Twice_IsInvalidRequestWithoutChallenge(string target, params string[] lines)
    {
        var answer = await _app.SendRawAsync(Filled([target])[0], Filled(lines));
        Assert.That(answer, Does.StartWith("HTTP/1.1 400 Bad Request"));
        Assert.That(answer, Does.Contain("\"code\":\"invalid_request\""));
        Assert.That(answer, Does.Not.Contain("WWW-Authenticate"));
        Assert.That(answer, Does.Contain("\r\nCache-Control: no-store\r\n"));
    }

    [TestCase("X-API-Key: {0}, {0}")]
    [TestCase("X-API-Key: {0},")]
    [TestCase("X-API-Key: {0} x")]
    [TestCase("X-API-Key: {0}\u0001")]
    [TestCase("X-API-Key: {0}\u007f")]
    [TestCase("X-API-Key: {0}\u00c3\u00a9")]
    [TestCase("X-API-Key: {0}\u00c2\u00a0")]
    [TestCase("X-API-Key: Bearer {0}")]
    [TestCase("X-API-Key: \"{0}\"")]
    [TestCase("Authorization: Bearer {0}, {0}")]
    [TestCase("Authorization: Bearer {0} x")]
    [TestCase("Authorization: Bearer \t{0}")]
    [TestCase("Authorization: Bearer\t{0}")]
    [TestCase("Authorization: Bearer {0}\u0001")]
    [TestCase("Authorization: Bearer {0}\u00c3\u00a9")]
    [TestCase("Authorization: Bearer {0}\u00c2\u00a0")]
    [TestCase("Authorization: \u00c2\u00a0Bearer {0}")]
    [TestCase("Authorization: Bearer\u00c2\u00a0{0}")]
    public async Task Value_KeyAndMore_IsInvalid(string line)
    {
        var answer = await _app.SendRawAsync("/", Filled([line]));
        Assert.That(answer, Does.StartWith("HTTP/1.1 401 Unauthorized"));
        if (line.Contains(": Bearer ", StringComparison.Ordinal) || line.StartsWith('X'))
        {
            Assert.That(answer, Does.Contain("\"code\":\"invalid_api_key\""));
            Assert.That(answer, Does.Contain("\r\nWWW-Authenticate: Bearer error=\"invalid_token\"\r\n"));
        }
    }

    [TestCase("X-API-Key: {0}\0")]
    [TestCase("X-API-Key: {0}\u00ff")]
    [TestCase("Authorization: Bearer {0}\r")]
    public async Task Value_NoHeaderMayHold_IsRefusedByTheServer(string line) =>
        Assert.That(await _app.SendRawAsync("/", Filled([line])), Does.StartWith("HTTP/1.1 400 Bad Request"));

    [TestCase("/?api_key={0}%20")]
    [TestCase("/?api_key={0},{0}")]
    [TestCase("/?api_key={0}%00")]
    [TestCase("/?api_key={0}%C3%A9")]
    public async Task Query_KeyAndMore_IsInvalid(string target) =>
        Assert.That(await _app.SendRawAsync(Filled([target])[0]), Does.StartWith("HTTP/1.1 401").And.Contains("invalid_api_key"));

    [Test]
    public async Task Value_BearerThatIsNoKey_IsInvalidWithItsChallenge()
    {
        using var answer = await _app.GetAsync("/", bearer: "eyJhbGciOiJub25lIn0.e30.");
        await answer.AssertRefusedAsync(401, "invalid_api_key");
        Assert.That(answer.Line("WWW-Authenticate"), Is.EqualTo("Bearer error=\"invalid_token\""));
    }

    private string[] Filled(string[] lines) => Array.ConvertAll(lines, line => line.Replace("{0}", _secret, StringComparison.Ordinal));
}
