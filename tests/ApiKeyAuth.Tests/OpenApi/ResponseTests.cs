using System.Text.Json;
using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.OpenApi;

/// <summary>Tests the responses of generated documents.</summary>
public sealed class ResponseTests
{
    private static readonly string[] Ids =
        ["ApiKeyUnauthorized", "ApiKeyForbidden", "ApiKeyTooManyRequests", "ApiKeyServiceUnavailable"];

    private static readonly string[] LimitHeaders = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"];

    [Test]
    public async Task Document_Operations_ReferToTheErrorsOnce()
    {
        var json = await DocumentApp.GenerateAsync(web =>
        {
            web.MapGet("/a", () => "in").RequireScope("a");
            web.MapGet("/b", () => "in").RequireAuthorization();
        });
        Assert.That(json.Names("components", "responses"), Is.EqualTo(Ids));
        foreach (var path in new[] { "/a", "/b" })
        {
            Assert.That(json.Names("paths", path, "get", "responses"), Is.EqualTo(new[] { "200", "401", "403", "429", "503" }));
            foreach (var (status, id) in new[] { "401", "403", "429", "503" }.Zip(Ids))
            {
                Assert.That(
                    json.Text("paths", path, "get", "responses", status), Is.EqualTo($"{{'$ref':'#/components/responses/{id}'}}"));
            }
        }
    }

    [Test]
    public async Task Document_Errors_HaveAnExamplePerCode()
    {
        var json = await DocumentApp.GenerateAsync(web => web.MapGet("/a", () => "in").RequireScope("a"));
        var codes = Ids.Select(id => string.Join(' ', Examples(json, id).EnumerateObject().Select(example => example.Name)));
        Assert.That(codes, Is.EqualTo(new[]
        {
            "missing_api_key invalid_api_key expired_api_key", "insufficient_scope ip_not_allowed wrong_audience forbidden",
            "rate_limit_exceeded too_many_failures", "key_store_unavailable",
        }));
        Assert.That(
            json.Text("components", "responses", Ids[0], "content", "application/problem+json", "schema"),
            Is.EqualTo("{'$ref':'#/components/schemas/ApiKeyProblem'}"));
    }

    [TestCase(null, "missing_api_key")]
    [TestCase("key_live_wrong", "invalid_api_key")]
    public async Task Document_Example_IsWhatTheAppReturns(string? key, string code)
    {
        static void Map(WebApplication web) => web.MapGet("/a", () => "in").RequireScope("a");
        await using var app = await TestApp.StartAsync(Map);
        var body = await (await app.GetAsync("/a", key)).Content.ReadAsStringAsync();
        var example = Examples(await DocumentApp.GenerateAsync(Map), Ids[0]).GetProperty(code).GetProperty("value");
        Assert.That(Members(example), Is.EqualTo(Members(JsonDocument.Parse(body).RootElement)));
    }

    [Test]
    public async Task Document_ErrorOptions_RemoveTheExamples()
    {
        var json = await DocumentApp.GenerateAsync(web => web.MapGet("/a", () => "in").RequireScope("a"), options =>
        {
            options.Errors.ReportMissingAsInvalid = true;
            options.Errors.ReportExpiredAsInvalid = true;
            options.Errors.ReportWrongAudienceAsInvalid = true;
        });
        Assert.That(Examples(json, Ids[0]).EnumerateObject().Select(example => example.Name), Is.EqualTo(new[] { "invalid_api_key" }));
        Assert.That(Examples(json, Ids[1]).EnumerateObject().Select(example => example.Name), Does.Not.Contain("wrong_audience"));
    }

    [Test]
    public async Task Document_OwnErrorBody_IsNotDescribedAsProblem()
    {
        var json = await DocumentApp.GenerateAsync(
            web => web.MapGet("/a", () => "in").RequireScope("a"), options => options.Errors.WriteBody = (_, _) => Task.CompletedTask);
        Assert.That(json.Names("components", "responses", Ids[0]), Is.EqualTo(new[] { "description", "headers" }));
        Assert.That(json.Names("components"), Does.Not.Contain("schemas"));
    }

    [TestCase(RateLimitHeaderStyle.XRateLimit, "X-RateLimit-Limit X-RateLimit-Remaining X-RateLimit-Reset Deprecation Sunset")]
    [TestCase(RateLimitHeaderStyle.Ietf, "RateLimit-Policy RateLimit Deprecation Sunset")]
    [TestCase(RateLimitHeaderStyle.None, "Deprecation Sunset")]
    public async Task Document_Headers_FollowTheStyle(RateLimitHeaderStyle style, string expected)
    {
        var json = await DocumentApp.GenerateAsync(
            web => web.MapGet("/a", () => "in").RequireScope("a"), options => options.RateLimiting.Headers = style);
        Assert.That(string.Join(' ', json.Names("components", "headers")), Is.EqualTo("WWW-Authenticate Retry-After " + expected));
        Assert.That(string.Join(' ', json.Names("components", "responses", Ids[2], "headers")), Is.EqualTo("Retry-After " + expected));
        Assert.That(string.Join(' ', json.Names("paths", "/a", "get", "responses", "200", "headers")), Is.EqualTo(expected));
        Assert.That(
            json.Text("components", "responses", Ids[0], "headers"),
            Is.EqualTo("{'WWW-Authenticate':{'$ref':'#/components/headers/WWW-Authenticate'}}"));
        Assert.That(
            json.Names("components", "responses", Ids[1], "headers"), Is.EqualTo(new[] { "WWW-Authenticate", "Deprecation", "Sunset" }));
        Assert.That(
            json.Text("components", "responses", Ids[3], "headers"),
            Is.EqualTo("{'Retry-After':{'$ref':'#/components/headers/Retry-After'}}"));
    }

    [Test]
    public async Task Document_WithoutRateLimit_HasNoLimitHeadersOnSuccess()
    {
        var json = await DocumentApp.GenerateAsync(web => web.MapGet("/a", () => "in").RequireScope("a").WithoutRateLimit());
        Assert.That(json.Names("paths", "/a", "get", "responses", "200", "headers"), Is.EqualTo(new[] { "Deprecation", "Sunset" }));
    }

    [Test]
    public async Task Document_ResponseOfTheApp_IsKept()
    {
        var json = await DocumentApp.GenerateAsync(
            web => web.MapGet("/a", () => "in").RequireScope("a").Produces<string>(StatusCodes.Status403Forbidden, "text/plain")
                .ProducesProblem(StatusCodes.Status429TooManyRequests));
        Assert.That(json.Names("paths", "/a", "get", "responses", "403", "content"), Is.EqualTo(new[] { "text/plain" }));
        Assert.That(json.Names("paths", "/a", "get", "responses", "429"), Is.EqualTo(new[] { "$ref" }));
    }

    [Test]
    public async Task Document_HeadersOfErrorsOfTheApp_AreThoseThatAreSent()
    {
        static void Map(WebApplication web)
        {
            web.MapGet("/missing", () => Results.NotFound()).RequireScope("a").Produces(404).ProducesProblem(409);
            web.MapGet("/closed", () => "in").RequireScope("b");
        }

        await using var app = await TestApp.StartAsync(Map);
        var secret = await app.IssueAsync(key => key with { Scopes = TestApp.Scopes("a"), RateLimits = [RateLimit.Parse("1/hour", null)] });
        var json = await DocumentApp.GenerateAsync(Map);

        // The limiter decides after authorization: it has seen 404 and 429, and neither 401 nor 403.
        Assert.That(await SentAsync(null), Is.Empty);
        Assert.That(await SentAsync(secret, "/closed"), Is.Empty);
        Assert.That(await SentAsync(secret), Is.EqualTo(LimitHeaders));
        Assert.That(await SentAsync(secret), Is.EqualTo(LimitHeaders));
        Assert.That(LimitHeaders, Is.SubsetOf(json.Names("paths", "/missing", "get", "responses", "404", "headers")));
        Assert.That(LimitHeaders, Is.SubsetOf(json.Names("paths", "/missing", "get", "responses", "409", "headers")));
        Assert.That(LimitHeaders, Is.SubsetOf(json.Names("components", "responses", Ids[2], "headers")));
        Assert.That(json.Names("components", "responses", Ids[1], "headers").Intersect(LimitHeaders), Is.Empty);

        async Task<string[]> SentAsync(string? key, string path = "/missing")
        {
            using var response = await app.GetAsync(path, key);
            return [.. response.Headers.Select(header => header.Key).Intersect(LimitHeaders).Order(StringComparer.Ordinal)];
        }
    }

    [Test]
    public async Task Document_Server_HasNoSlashAtItsEnd()
    {
        var json = await DocumentApp.GenerateAsync(web => web.MapGet("/a", () => "in").RequireScope("a"));
        Assert.That(json.At("servers")[0].GetProperty("url").GetString(), Does.Match("^http://127.0.0.1:[0-9]+$"));
    }

    [Test]
    public async Task Document_ManagementApi_IsADocumentOfItsOwn()
    {
        var json = await DocumentApp.GenerateAsync(
            web =>
            {
                web.MapApiKeys().RequireKeyScopes().WithGroupName("keys");
                web.MapGet("/other", () => "in");
            },
            document: options =>
            {
                options.ShouldInclude = description => description.GroupName == "keys";
                options.AddApiKeyAuth();
            },
            name: "keys");
        Assert.That(json.Names("paths"), Has.Length.GreaterThan(5).And.All.StartsWith("/api-keys"));
        Assert.That(json.Text("paths", "/api-keys", "post", "x-required-scopes"), Is.EqualTo("['keys:write']"));
        Assert.That(json.Text("paths", "/api-keys/revoke-leaked", "post", "security"), Is.EqualTo("[]"));
        var operations = json.At("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).ToArray();
        Assert.That(
            operations.Select(operation => operation.Value.GetProperty("operationId").GetString()),
            Is.Unique.And.All.Matches("^[A-Z][A-Za-z]+$"));
        Assert.That(
            operations.Where(operation => operation.Value.GetProperty("security").GetArrayLength() > 0)
                .Select(operation => operation.Value.Text("responses", "503")).Distinct(),
            Is.EqualTo(new[] { "{'$ref':'#/components/responses/ApiKeyServiceUnavailable'}" }));
        Assert.That(LimitHeaders, Is.SubsetOf(json.Names("paths", "/api-keys", "get", "responses", "200", "headers")));
    }

    private static JsonElement Examples(JsonElement json, string id) =>
        json.At("components", "responses", id, "content", "application/problem+json", "examples");

    /// <summary>Gets the members of a body, without the value of the trace ID.</summary>
    private static IEnumerable<string> Members(JsonElement body) =>
        body.EnumerateObject().Select(member => member.Name == "traceId" ? member.Name : $"{member.Name}={member.Value}");
}
