using System.Net;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Tests.Authentication;

/// <summary>The forwarding that every scheme of the framework has, which the handler does by itself.</summary>
public sealed class SchemeForwardingTests
{
    [Test]
    public async Task ForwardDefault_OtherScheme_AuthenticatesChallengesAndForbidsThere()
    {
        await using var app = await StartAsync(front => front.ForwardDefault = "Back");
        await AssertForwardedAsync(app);
    }

    [Test]
    public async Task ForwardDefaultSelector_OtherScheme_GoesBeforeTheDefault()
    {
        await using var app = await StartAsync(front =>
        {
            front.ForwardDefault = "Front";
            front.ForwardDefaultSelector = _ => "Back";
        });
        await AssertForwardedAsync(app);
    }

    [Test]
    public async Task Forward_ToItself_StaysThere()
    {
        await using var app = await StartAsync(front => front.ForwardDefault = "Front");
        using var own = await app.SendAsync("/", ("X-Front", await app.IssueAsync()));
        Assert.That(await own.BodyAsync(), Is.EqualTo("Front"));
    }

    [Test]
    public async Task ForwardChallengeAndForbid_Alone_LeaveAuthenticationWhereItIs()
    {
        await using var app = await StartAsync(front => (front.ForwardChallenge, front.ForwardForbid) = ("Back", "Back"));
        using var own = await app.SendAsync("/", ("X-Front", await app.IssueAsync()));
        using var missing = await app.GetAsync("/");
        using var forbidden = await app.SendAsync("/never", ("X-Front", await app.IssueAsync()));
        Assert.That(await own.BodyAsync(), Is.EqualTo("Front"));
        Assert.That(missing.Line("WWW-Authenticate"), Does.Contain("X-Back"));
        await forbidden.AssertRefusedAsync(403, "forbidden");
    }

    [Test]
    public async Task Authenticate_SeveralTimes_IsDoneOnce()
    {
        var validated = 0;
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", async (HttpContext context) =>
            {
                var first = await context.AuthenticateAsync("ApiKey");
                return ReferenceEquals(first, await context.AuthenticateAsync("ApiKey"));
            }).RequireAuthorization(),
            keys: keys => keys.AddScheme("ApiKey", scheme => scheme.Events.OnValidated = _ =>
            {
                validated++;
                return Task.CompletedTask;
            }));
        using var answer = await app.GetAsync("/", await app.IssueAsync());
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(validated, Is.EqualTo(1));
    }

    private static async Task AssertForwardedAsync(TestApp app)
    {
        using var forwarded = await app.SendAsync("/", ("X-Back", await app.IssueAsync()));
        using var own = await app.SendAsync("/", ("X-Front", await app.IssueAsync()));
        using var forbidden = await app.SendAsync("/never", ("X-Back", await app.IssueAsync()));
        Assert.That(await forwarded.BodyAsync(), Is.EqualTo("Back"));
        await own.AssertRefusedAsync(401, "missing_api_key");
        Assert.That(own.Line("WWW-Authenticate"), Does.Contain("X-Back"));
        await forbidden.AssertRefusedAsync(403, "forbidden");
    }

    private static Task<TestApp> StartAsync(Action<ApiKeySchemeOptions> front) => TestApp.StartAsync(
        web =>
        {
            web.MapGet("/", (HttpContext context) => context.User.Identity!.AuthenticationType).RequireAuthorization(Policy);
            web.MapGet("/never", () => "in").RequireAuthorization(policy => Policy(policy.RequireAssertion(_ => false)));
        },
        keys: keys => keys
            .AddScheme("Front", scheme =>
            {
                (scheme.AuthorizationSchemes, scheme.Headers) = ([], ["X-Front"]);
                front(scheme);
            })
            .AddScheme("Back", scheme => (scheme.AuthorizationSchemes, scheme.Headers) = ([], ["X-Back"])));

    private static void Policy(AuthorizationPolicyBuilder policy)
    {
        policy.AuthenticationSchemes.Add("Front");
        policy.RequireAuthenticatedUser();
    }
}
