using System.Net;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Http;

public sealed class IndistinguishableTests
{
    private static readonly DateOnly Past = new(2025, 12, 30);

    [TestCase("X-API-Key: ", false)]
    [TestCase("X-API-Key: ", true)]
    [TestCase("Authorization: Bearer ", false)]
    [TestCase("Authorization: Bearer ", true)]
    public async Task Error_OfEveryInvalidKey_IsIdenticalByteForByte(string header, bool usesProblemDetailsService)
    {
        await using var app = await StartAsync(services: all => _ = usesProblemDetailsService ? all.AddProblemDetails() : all);
        var (deleted, revoked) = (await app.IssueAsync(), await app.IssueAsync());
        await AdmitOnceAsync(app, deleted, revoked);
        await app.ChangeAsync(null, "key1");
        await app.ChangeAsync(key => key with { RevokedAt = app.Clock.GetUtcNow() }, "key2");
        var unknown = app.NewSecret();
        string[] secrets =
        [
            unknown, unknown[..^6] + "000000", "key_test_nonsense", deleted, revoked,
            await app.IssueAsync(key => key with { Enabled = false }),
            await app.IssueAsync(key => key with { Enabled = false, ExpiresAt = new ApiKeyExpiry(Past) }),
            await app.IssueAsync(key => key with
            {
                RevokedAt = app.Clock.GetUtcNow(),
                ExpiresAt = new ApiKeyExpiry(Past),
                Networks = [IPNetwork.Parse("203.0.113.0/24")],
            }),
            await app.IssueAsync(key => key with { Environment = "live" }),
        ];
        var responses = new List<string>();
        foreach (var secret in secrets.Concat(secrets))
        {
            responses.Add(Answers.Normalized(await app.SendRawAsync("/", header + secret)));
        }

        Assert.That(responses[0], Does.StartWith("HTTP/1.1 401 Unauthorized")
            .And.Contains("\"code\":\"invalid_api_key\"").And.Contains("\"traceId\":\"-\""));
        Assert.That(responses, Is.All.EqualTo(responses[0]));
    }

    [TestCase("2025-12-30", "2025-12-30")]
    [TestCase("2025-12-31T23:59:59Z", "2025-12-31T23:59:59Z")]
    [TestCase("2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00Z")]
    public async Task Error_OfAnExpiredKey_ContainsTheExpirationAsItWasSet(string given, string expected)
    {
        await using var app = await StartAsync();
        using var response = await app.GetAsync("/", await app.IssueAsync(key => key with { ExpiresAt = ApiKeyExpiry.Parse(given, null) }));
        await response.AssertRefusedAsync(401, "expired_api_key");
        Assert.That(await response.BodyAsync(), Does.Contain($"\"detail\":\"API key expired on {expected}\""));
        Assert.That(response.Line("WWW-Authenticate"), Is.EqualTo("Bearer error=\"invalid_token\""));
    }

    [Test]
    public async Task Key_UntilItsExpiration_IsAccepted()
    {
        await using var app = await StartAsync();
        var secret = await app.IssueAsync(key => key with { ExpiresAt = new ApiKeyExpiry(new DateOnly(2026, 1, 1)) });
        app.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromTicks(1));
        await AdmitOnceAsync(app, secret);
        app.Clock.Advance(TimeSpan.FromTicks(1));
        using var after = await app.GetAsync("/", secret);
        await after.AssertRefusedAsync(401, "expired_api_key");
    }

    [Test]
    public async Task Secret_AfterTheGracePeriod_IsExpiredWhileTheNewOneIsAccepted()
    {
        await using var app = await StartAsync();
        var newer = app.NewSecret();
        var older = await app.IssueAsync(key => key with
        {
            Secrets = [app.Hashed(newer), key.Secrets[0] with { ExpiresAt = app.Clock.GetUtcNow().AddMinutes(5) }],
        });
        await AdmitOnceAsync(app, older, newer);
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        using var response = await app.GetAsync("/", older);
        await response.AssertRefusedAsync(401, "expired_api_key");
        Assert.That(await response.BodyAsync(), Does.Contain("expired on 2026-01-01T00:05:00Z"));
        await AdmitOnceAsync(app, newer);
    }

    [Test]
    public async Task ReportExpiredAsInvalid_ExpiredKey_IsReportedLikeAnUnknownKey() =>
        await AssertReportedAsUnknownAsync(
            errors => errors.ReportExpiredAsInvalid = true, key => key with { ExpiresAt = new ApiKeyExpiry(Past) });

    [Test]
    public async Task ReportExpiredAsInvalid_RetiredSecret_IsReportedLikeAnUnknownKey() => await AssertReportedAsUnknownAsync(
        errors => errors.ReportExpiredAsInvalid = true,
        key => key with { Secrets = [key.Secrets[0] with { ExpiresAt = DateTimeOffset.UnixEpoch }] });

    [Test]
    public async Task ReportWrongAudienceAsInvalid_WrongAudience_IsReportedLikeAnUnknownKey() =>
        await AssertReportedAsUnknownAsync(
            errors => errors.ReportWrongAudienceAsInvalid = true, key => key with { Audiences = ["elsewhere"] });

    [Test]
    public async Task ReportMissingAsInvalid_MissingKey_IsInvalidWithoutAnErrorInTheChallenge()
    {
        await using var app = await StartAsync(errors => errors.ReportMissingAsInvalid = true);
        using var missing = await app.GetAsync("/");
        await missing.AssertRefusedAsync(401, "invalid_api_key");
        Assert.That(missing.Line("WWW-Authenticate"), Is.EqualTo("Bearer"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task ReportMissingAsInvalid_PolicyWithASignInPage_StillRedirectsTheBrowser(bool isReportedAsInvalid)
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireAuthorization(
                policy => policy.AddAuthenticationSchemes("ApiKey", "Cookie").RequireAuthenticatedUser()),
            options => options.Errors.ReportMissingAsInvalid = isReportedAsInvalid,
            services: services => services.AddAuthentication().AddCookie("Cookie", cookie => cookie.LoginPath = "/login"));
        using var missing = await app.GetAsync("/");
        using var invalid = await app.GetAsync("/", "nonsense");
        Assert.That(missing.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(missing.Headers.Location!.OriginalString, Does.Contain("/login?ReturnUrl="));
        await invalid.AssertRefusedAsync(401, "invalid_api_key");
        Assert.That(invalid.Headers.Location, Is.Null);
    }

    [Test]
    public async Task ReportAsInvalid_Off_ReportsEachCode()
    {
        await using var app = await StartAsync();
        using var missing = await app.GetAsync("/");
        using var audience = await app.GetAsync("/", await app.IssueAsync(key => key with { Audiences = ["elsewhere"] }));
        await missing.AssertRefusedAsync(401, "missing_api_key");
        await audience.AssertRefusedAsync(403, "wrong_audience");
    }

    private static async Task AssertReportedAsUnknownAsync(Action<ApiKeyErrorOptions> configure, Func<ApiKey, ApiKey> change)
    {
        await using var app = await StartAsync(configure);
        var reported = Answers.Normalized(await app.SendRawAsync("/", "X-API-Key: " + await app.IssueAsync(change)));
        var unknown = Answers.Normalized(await app.SendRawAsync("/", "X-API-Key: " + app.NewSecret()));
        Assert.That(reported, Is.EqualTo(unknown).And.StartsWith("HTTP/1.1 401").And.Contains("invalid_api_key"));
    }

    private static async Task AdmitOnceAsync(TestApp app, params string[] secrets)
    {
        foreach (var secret in secrets)
        {
            using var response = await app.GetAsync("/", secret);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    private static Task<TestApp> StartAsync(
        Action<ApiKeyErrorOptions>? errors = null, Action<IServiceCollection>? services = null) => TestApp.StartAsync(
        web => web.MapGet("/", () => "in").RequireAuthorization(),
        options => errors?.Invoke(options.Errors),
        keys => keys.AddScheme("ApiKey", scheme => scheme.Environments.Add("test")),
        services);
}
