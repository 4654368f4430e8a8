using ApiKeyAuth.Http;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Endpoints;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests an app's own endpoints over the manager: strict bodies, and errors in the common format.</summary>
public sealed class OwnEndpointTests
{
    [TestCase(
        """{"title":"t","count":7,"on":true,"tags":["a"],"limits":["5/hour"],"until":"2031-01-02"}""", "t 7 True a 5/hour 2031-01-02 none")]
    [TestCase("""{"title":"t","on":false,"note":"n"}""", "t  False    n")]
    [TestCase("""{"title":"t","on":false,"note":null}""", "t  False    null")]
    public async Task Body_ValidMembers_AreRead(string body, string read)
    {
        await using var app = await StartAsync();
        var answer = await app.PostAsync("/own", await app.App.IssueAsync(), body);
        Assert.That((answer.Status, answer.Body), Is.EqualTo((200, read)));
    }

    [TestCase("{}", "on title")]
    [TestCase("""{"title":" ","on":null}""", "on title")]
    [TestCase(
        """{"title":5,"on":"true","count":"7","tags":"a","limits":["x"],"until":"soon","note":5}""",
        "count limits note on tags title until")]
    [TestCase("""{"title":"t","on":true,"count":10,"more":1}""", "count more")]
    [TestCase("""{"title":"t","title":"t","on":true}""", "title")]
    [TestCase("""{"title":"forbidden","on":true}""", "title")]
    public async Task Body_InvalidMembers_AreAllReported(string body, string fields)
    {
        await using var app = await StartAsync();
        var answer = await app.PostAsync("/own", await app.App.IssueAsync(), body);
        Assert.That((answer.Status, answer.Code, string.Join(' ', answer.Fields.Order())), Is.EqualTo((400, "invalid_request", fields)));
    }

    [TestCase("[]", "application/json")]
    [TestCase("{", "application/json")]
    [TestCase("""{"title":"t","on":true}""", "text/plain")]
    public async Task Body_NotAJsonObject_IsRejected(string body, string type)
    {
        await using var app = await StartAsync();
        var answer = await app.SendAsync(HttpMethod.Post, "/own", await app.App.IssueAsync(), body, type: type);
        Assert.That((answer.Status, answer.Code, answer.Fields), Is.EqualTo((400, "invalid_request", Array.Empty<string>())));
    }

    [TestCase(404, "Not Found")]
    [TestCase(422, "Unprocessable Entity")]
    public async Task Problem_Returned_IsWrittenLikeOtherErrors(int status, string title)
    {
        await using var app = await StartAsync();
        var answer = await app.GetAsync($"/own/{status}", await app.App.IssueAsync());
        Assert.That(
            (answer.Status, answer.Code, answer["title"], answer["detail"]),
            Is.EqualTo((status, "own_code", title, "The thing does not exist")));
        Assert.That((answer.Header("Content-Type"), answer.Header("Cache-Control")), Is.EqualTo(("application/problem+json", "no-store")));
    }

    [Test]
    public async Task Problem_AppWithItsOwnFormat_HasThatFormat()
    {
        await using var app = await StartAsync(options =>
            options.Errors.WriteBody = (context, error) => context.Response.WriteAsync(
                $"{error.StatusCode} {error.Code} {error.Message}"));
        Assert.That((await app.GetAsync("/own/404", await app.App.IssueAsync())).Body, Is.EqualTo("404 own_code The thing does not exist"));
        Assert.That(
            (await app.PostAsync("/own", await app.App.IssueAsync(), """{"on":true}""")).Body,
            Is.EqualTo("400 invalid_request title is required"));
    }

    [Test]
    public async Task Problem_MissingScopes_AreInTheChallenge()
    {
        await using var app = await StartAsync();
        var answer = await app.PostAsync("/own/keys", await app.App.IssueAsync());
        Assert.That((answer.Status, answer.Code), Is.EqualTo((403, "insufficient_scope")));
        Assert.That(answer.Header("WWW-Authenticate"), Does.Contain("scope=\"b:write\""));
    }

    [Test]
    public async Task Problem_WithoutMiddleware_SetsTheStatus()
    {
        var context = new DefaultHttpContext();
        await new ApiKeyError { StatusCode = 409, Code = "conflict", Message = "m" }.ExecuteAsync(context);
        Assert.That(context.Response.StatusCode, Is.EqualTo(409));
    }

    private static Task<ManagedApp> StartAsync(Action<ApiKeyAuthOptions>? options = null) =>
        ManagedApp.StartAsync(options, endpoints: web =>
    {
        var policy = new AuthorizeAttribute { AuthenticationSchemes = "ApiKey" };
        web.MapPost("/own", ReadAsync).RequireAuthorization(policy);
        web.MapGet(
            "/own/{status:int}",
            (int status) => new ApiKeyError { StatusCode = status, Code = "own_code", Message = "The thing does not exist" })
            .RequireAuthorization(policy);
        web.MapPost("/own/keys", async (HttpContext context, ApiKeyManager keys) =>
            await keys.CreateAsync(
                context.GetApiKeyCaller()!,
                new NewApiKey { Name = "n", Scopes = ["b:write"] }) is { Succeeded: false, Error: var problem }
                ? problem
                : Results.Ok()).RequireAuthorization(policy);
    });

    private static async Task<IResult> ReadAsync(HttpRequest request)
    {
        var body = await BodyReader.ReadAsync(request, Read);
        return body.Succeeded ? Results.Text(body.Value) : body.Error;
    }

    private static string Read(BodyReader body)
    {
        var title = body.GetRequiredString("title");
        if (title == "forbidden")
        {
            body.AddProblem("title", "is taken");
        }

        var parts = new object?[]
        {
            title, body.GetInt64("count", 1, 9), body.GetRequiredBoolean("on"), string.Join(',', body.GetStrings("tags") ?? []),
            string.Join(',', body.GetRateLimits("limits") ?? []), body.GetExpiry("until"), Note(body.GetOptional("note", body.GetString)),
        };
        return string.Join(' ', parts).TrimEnd();
    }

    private static string Note(Optional<string?> note) => note.IsSet ? note.Value ?? "null" : "none";
}
