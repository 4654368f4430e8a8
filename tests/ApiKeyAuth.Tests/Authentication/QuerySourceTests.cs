using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Rewrite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.Authentication;

public sealed class QuerySourceTests
{
    private const string RequestLog = "Microsoft.AspNetCore.Hosting.Diagnostics";

    [Test]
    public async Task Query_Off_IsNotRead()
    {
        await using var app = await TestApp.StartAsync(Map);
        using var answer = await app.GetAsync("/?api_key=" + await app.IssueAsync());
        await answer.AssertRefusedAsync(401, "missing_api_key");
    }

    [TestCase("/")]
    [TestCase("/open")]
    [TestCase("/cached")]
    public async Task Query_OnAndUsed_AnswersAreNotStored(string path)
    {
        await using var app = await StartAsync();
        using var accepted = await app.GetAsync($"{path}?api_key={await app.IssueAsync()}");
        using var refused = await app.GetAsync($"{path}?api_key=nonsense");
        Assert.That(accepted.Line("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(refused.Line("Cache-Control"), Is.EqualTo("no-store"));
    }

    [Test]
    public async Task Query_OnButKeyInHeader_LeavesCachingToTheEndpoint()
    {
        await using var app = await StartAsync();
        using var answer = await app.GetAsync("/cached", await app.IssueAsync());
        Assert.That(answer.Line("Cache-Control"), Is.EqualTo("public, max-age=60"));
        Assert.That(answer.Line("Vary"), Is.EqualTo("Authorization, X-API-Key"));
    }

    [TestCase(null, RequestLog)]
    [TestCase(null, "Microsoft.AspNetCore")]
    [TestCase(nameof(LogCapture), RequestLog)]
    [TestCase(nameof(LogCapture), "Microsoft")]
    [TestCase(nameof(LogCapture), RequestLog + "*")]
    [TestCase(nameof(LogCapture), "*" + RequestLog)]
    public async Task RequestLog_QueryOn_IsHeldAtWarningWhateverTheRules(string? provider, string category)
    {
        var provided = provider is null ? null : typeof(LogCapture).FullName;
        await using var app = await StartAsync(services => services.Configure<LoggerFilterOptions>(options =>
            options.Rules.Add(new LoggerFilterRule(provided, category, LogLevel.Trace, null))));
        using var answer = await app.GetAsync("/open?api_key=nonsense");
        Assert.That(app.Logs.Entries.Where(entry => entry.Category == RequestLog && entry.Level > LogLevel.Trace), Is.Empty);
        Assert.That(app.Logs.Entries.Where(entry => entry.Text.Contains("nonsense", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase("/redirected")]
    [TestCase("/rewritten")]
    public async Task Log_OfMiddlewareThatPrintsAddresses_HoldsNoKey(string path)
    {
        await using var app = await StartAsync(
            services => services.AddHttpsRedirection(options => options.HttpsPort = 443),
            web => web.UseWhen(context => context.Request.Path == "/redirected", branch => branch.UseHttpsRedirection())
                .UseRewriter(new RewriteOptions().AddRedirect("^rewritten$", "open")));
        var secret = app.NewSecret();
        using var answer = await app.GetAsync($"{path}?api_key={secret}");
        Assert.That((int)answer.StatusCode, Is.InRange(300, 399));
        Assert.That(app.Logs.Entries.Where(entry => entry.Text.Contains(secret, StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task RequestLog_QueryOff_IsWritten()
    {
        await using var app = await TestApp.StartAsync(Map);
        using var answer = await app.GetAsync("/open");
        Assert.That(
            app.Logs.Entries,
            Has.Some.Matches<LogCapture.Entry>(entry => entry.Category == RequestLog && entry.Level == LogLevel.Information));
    }

    [Test]
    public async Task Start_QueryOn_WarnsOnceByName()
    {
        await using var app = await StartAsync();
        var warning = app.Logs.Entries.Single(
            entry => entry.EventId == 41 && entry.Category.StartsWith("ApiKeyAuth", StringComparison.Ordinal));
        Assert.That(warning.Level, Is.EqualTo(LogLevel.Warning));
        Assert.That(warning.Text, Does.StartWith("Scheme ByQuery reads keys from the query string"));
    }

    private static Task<TestApp> StartAsync(Action<IServiceCollection>? services = null, Action<WebApplication>? before = null) =>
        TestApp.StartAsync(
        Map,
        keys: keys => keys.AddScheme("ByQuery", scheme => scheme.UnsafeQueryParameter = "api_key"),
        services: services,
        before: before);

    private static void Map(WebApplication web)
    {
        web.MapGet("/", () => "in").RequireAuthorization();
        web.MapGet("/open", () => "open");
        web.MapGet("/cached", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=60";
            return "in";
        }).RequireAuthorization();
    }
}
