using System.Net;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authentication.Credentials;

/// <summary>Tests keys that the app reads itself in <see cref="ApiKeyEvents.OnMessageReceived"/>.</summary>
public sealed class MessageReceivedTests
{
    [Test]
    public async Task Secret_FromTheEvent_AuthenticatesTheCaller()
    {
        await using var app = await StartAsync(ReadCookie);
        var secret = await app.IssueAsync();
        using var answer = await app.SendAsync("/", ("Cookie", $"key={secret}"));
        Assert.That((answer.StatusCode, await answer.BodyAsync()), Is.EqualTo((HttpStatusCode.OK, "key1")));
        Assert.That(answer.Line("Cache-Control"), Is.EqualTo("no-store"));
    }

    [TestCase("nonsense", 401, "invalid_api_key")]
    [TestCase(" ", 401, "missing_api_key")]
    public async Task Secret_NotAKey_IsRejectedLikeAHeader(string secret, int status, string code)
    {
        await using var app = await StartAsync(context => context.Secret = secret);
        using var answer = await app.GetAsync("/");
        await answer.AssertRefusedAsync(status, code);
    }

    [Test]
    public async Task Secret_AndAnotherSource_IsAmbiguous()
    {
        await using var app = await StartAsync(ReadCookie);
        var secret = await app.IssueAsync();
        using var both = await app.SendAsync("/", ("Cookie", $"key={secret}"), ("X-API-Key", secret));
        await both.AssertRefusedAsync(400, "invalid_request");
        using var header = await app.SendAsync("/", ("Cookie", "other=1"), ("X-API-Key", secret));
        Assert.That(header.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task NoResult_WithAKeyInAHeader_LeavesTheCallerAnonymous()
    {
        await using var app = await StartAsync(context => context.NoResult());
        using var answer = await app.GetAsync("/", await app.IssueAsync());
        await answer.AssertRefusedAsync(401, "missing_api_key");
    }

    [Test]
    public async Task Event_OfADerivedClass_RunsOnceForARequest([Values] bool isType)
    {
        var events = new CookieEvents();
        await using var app = await TestApp.StartAsync(
            Map,
            keys: keys => keys.AddScheme(
                "ApiKey", scheme => _ = isType ? scheme.EventsType = typeof(CookieEvents) : (scheme.Events = events).GetType()),
            services: services => services.AddSingleton(events));
        using var answer = await app.SendAsync("/", ("Cookie", $"key={await app.IssueAsync()}"));
        Assert.That((answer.StatusCode, events.Count), Is.EqualTo((HttpStatusCode.OK, 1)));
    }

    [Test]
    public async Task Event_OfTwoSchemes_MaySupplyTheSameKeyButNotTwo()
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireScope("a"),
            keys: keys => keys
                .AddScheme("A", scheme => scheme.Events.OnMessageReceived = context => Read(context, "a"))
                .AddScheme("B", scheme => scheme.Events.OnMessageReceived = context => Read(context, "b")));
        var secret = await app.IssueAsync(key => key with { Scopes = TestApp.Scopes("a") });
        using var same = await app.SendAsync("/", ("Cookie", $"a={secret}; b={secret}"));
        Assert.That(same.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        using var different = await app.SendAsync("/", ("Cookie", $"a={secret}; b={app.NewSecret()}"));
        await different.AssertRefusedAsync(400, "invalid_request");
    }

    [Test]
    public async Task BearerForwarding_KeyFromTheEvent_GoesToTheKeyScheme()
    {
        await using var app = await TestApp.StartAsync(
            Map,
            keys: keys => keys.AddScheme("ApiKey", Handle(ReadCookie)).AddBearerForwarding("Bearer"),
            services: services => services.AddJwt());
        using var key = await app.SendAsync("/", ("Cookie", $"key={await app.IssueAsync()}"));
        Assert.That((key.StatusCode, await key.BodyAsync()), Is.EqualTo((HttpStatusCode.OK, "key1")));
        using var token = await app.GetAsync("/", bearer: Jwts.Create());
        Assert.That((token.StatusCode, await token.BodyAsync()), Is.EqualTo((HttpStatusCode.OK, "none")));
    }

    [Test]
    public async Task OutputCache_AnyRequest_BypassesIt([Values] bool isInFront)
    {
        var calls = 0;
        await using var app = await TestApp.StartAsync(
            web =>
            {
                _ = isInFront ? web : web.UseOutputCache();
                web.MapGet("/cached", (HttpContext context) => $"{context.GetApiKey()?.Id}{++calls}").CacheOutput();
            },
            keys: keys => keys.AddScheme("ApiKey", Handle(ReadCookie)),
            services: services => services.AddOutputCache(),
            before: web => _ = isInFront ? web.UseOutputCache() : web);
        using var key = await app.SendAsync("/cached", ("Cookie", $"key={await app.IssueAsync()}"));
        using var anonymous = await app.GetAsync("/cached");
        Assert.That((await key.BodyAsync(), await anonymous.BodyAsync()), Is.EqualTo(("key11", "2")));
    }

    [Test]
    public async Task Source_EventAlone_IsEnoughForAScheme()
    {
        await using var app = await StartAsync(ReadCookie, scheme => (scheme.AuthorizationSchemes, scheme.Headers) = ([], []));
        using var key = await app.SendAsync("/", ("Cookie", $"key={await app.IssueAsync()}"));
        using var missing = await app.GetAsync("/");
        Assert.That((key.StatusCode, key.Headers.Vary.Count), Is.EqualTo((HttpStatusCode.OK, 0)));
        Assert.That(missing.Line("WWW-Authenticate"), Is.EqualTo("ApiKey"));
    }

    [TestCase(typeof(ApiKeyEvents), false)]
    [TestCase(typeof(CookieEvents), true)]
    [TestCase(typeof(ValidatingEvents), false)]
    public void HasMessageReceived_DerivedClass_DependsOnItsOverride(Type type, bool expected)
    {
        Assert.That(
            new ApiKeySchemeOptions { Events = (ApiKeyEvents)Activator.CreateInstance(type)! }.HasMessageReceived, Is.EqualTo(expected));
        Assert.That(new ApiKeySchemeOptions { EventsType = type }.HasMessageReceived, Is.EqualTo(expected));
    }

    private static Task<TestApp> StartAsync(Action<ApiKeyMessageReceivedContext> receive, Action<ApiKeySchemeOptions>? configure = null) =>
        TestApp.StartAsync(Map, keys: keys => keys.AddScheme("ApiKey", scheme =>
        {
            Handle(receive)(scheme);
            configure?.Invoke(scheme);
        }));

    private static Action<ApiKeySchemeOptions> Handle(Action<ApiKeyMessageReceivedContext> receive) =>
        scheme => scheme.Events.OnMessageReceived = context =>
        {
            receive(context);
            return Task.CompletedTask;
        };

    private static void ReadCookie(ApiKeyMessageReceivedContext context) => context.Secret = context.Request.Cookies["key"];

    private static Task Read(ApiKeyMessageReceivedContext context, string cookie)
    {
        context.Secret = context.Request.Cookies[cookie];
        return Task.CompletedTask;
    }

    private static void Map(WebApplication web) =>
        web.MapGet("/", (HttpContext context) => context.GetApiKey()?.Id ?? "none").RequireAuthorization();

    public sealed class CookieEvents : ApiKeyEvents
    {
        public int Count { get; private set; }

        public override Task MessageReceived(ApiKeyMessageReceivedContext context)
        {
            Count++;
            context.Secret = context.Request.Cookies["key"];
            return Task.CompletedTask;
        }
    }

    public sealed class ValidatingEvents : ApiKeyEvents
    {
        public override Task Validated(ApiKeyValidatedContext context) => Task.CompletedTask;
    }
}
