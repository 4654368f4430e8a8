using ApiKeyAuth.Http;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests an app's own endpoints over the manager: errors in the common format.</summary>
public sealed class OwnEndpointTests
{
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
            (await app.PostAsync("/own", await app.App.IssueAsync())).Body,
            Is.EqualTo("400 invalid_request name is required; kind must not be empty; omit it"));
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
        web.MapPost("/own", async (HttpContext context, ApiKeyManager keys) =>
            (await keys.CreateAsync(context.GetApiKeyCaller()!, new NewApiKey { Name = " ", Kind = "" })).Error!)
            .RequireAuthorization(policy);
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
}
