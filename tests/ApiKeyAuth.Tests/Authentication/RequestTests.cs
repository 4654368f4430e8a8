using System.Net;
using System.Net.Http.Headers;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Moq;

namespace ApiKeyAuth.Tests.Authentication;

public sealed class RequestTests
{
    [TestCase("X-API-Key", "{0}")]
    [TestCase("Authorization", "Bearer {0}")]
    [TestCase("X-Other", "no key at all {0}")]
    public async Task Vary_AcceptedRefusedAndMissing_NamesEveryHeaderOfTheScheme(string header, string value)
    {
        await using var app = await StartAsync();
        foreach (var secret in new[] { await app.IssueAsync(), app.NewSecret(), "key_test_nonsense" })
        {
            using var closed = await app.SendAsync("/", (header, value.Replace("{0}", secret, StringComparison.Ordinal)));
            using var open = await app.SendAsync("/open", (header, value.Replace("{0}", secret, StringComparison.Ordinal)));
            Assert.That(closed.Line("Vary"), Is.EqualTo("Authorization, X-API-Key"));
            Assert.That(open.Line("Vary"), Is.EqualTo("Authorization, X-API-Key"));
        }
    }

    [Test]
    public async Task Vary_EndpointSetsItsOwn_StillNamesTheHeaderOfTheKey()
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", (HttpContext context) => { context.Response.Headers.Vary = "Accept"; }).RequireAuthorization());
        using var answer = await app.GetAsync("/", await app.IssueAsync());
        Assert.That(answer.Headers.Vary, Is.EqualTo(new[] { "Accept", "Authorization", "X-API-Key" }));
    }

    [TestCase("X-API-Key-Version", "X-API-Key-Version|Authorization, X-API-Key")]
    [TestCase("Accept, X-API-Key-Version", "Accept, X-API-Key-Version|Authorization, X-API-Key")]
    [TestCase("Accept , x-api-key", "Accept , x-api-key|Authorization")]
    [TestCase("*", "*")]
    public async Task Vary_OfTheEndpoint_IsComparedByWholeNames(string own, string vary)
    {
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", (HttpContext context) => { context.Response.Headers.Vary = own; }).RequireAuthorization());
        using var answer = await app.GetAsync("/", await app.IssueAsync());
        Assert.That(string.Join('|', answer.Lines("Vary").SelectMany(line => line.Split('|'))), Is.EqualTo(vary));
    }

    [Test]
    public async Task Head_RefusedOrAdmitted_HasTheHeadersOfAGetAndNoBody()
    {
        await using var app = await StartAsync();
        var good = await app.IssueAsync();
        foreach (var secret in new[] { good, "nonsense" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, "/");
            request.Headers.Add("X-API-Key", secret);
            using var head = await app.Client.SendAsync(request);
            using var get = await app.GetAsync("/", secret);
            Assert.That(head.StatusCode, Is.EqualTo(get.StatusCode));
            Assert.That(await head.BodyAsync(), Is.Empty);
            Assert.That(
                head.Headers.Select(header => header.Key),
                Is.EquivalentTo(get.Headers.Select(header => header.Key).Except(["Transfer-Encoding"])));
            Assert.That(head.Content.Headers.ContentType, Is.EqualTo(get.Content.Headers.ContentType));
        }
    }

    [TestCase("nonsense", 401)]
    [TestCase(null, 401)]
    [TestCase("", 200)]
    public async Task Body_Large_GetsTheWholeAnswer(string? key, int status)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/upload") { Content = new ByteArrayContent(new byte[4_000_000]) };
        if (key is not null)
        {
            request.Headers.Add("X-API-Key", key.Length == 0 ? await app.IssueAsync() : key);
        }

        using var answer = await app.Client.SendAsync(request);
        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        Assert.That(await answer.BodyAsync(), status == 200 ? Is.EqualTo("4000000") : Does.Contain("api_key"));
    }

    [Test]
    public async Task Abort_OfTheFirstCaller_LeavesTheLoadToTheOthers()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answered = new TaskCompletionSource<ApiKey?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ApiKeyHash? hash = null;
        var store = new Mock<IApiKeyStore>(MockBehavior.Strict);
        store.Setup(s => s.FindAsync(It.IsAny<IReadOnlyList<ApiKeyHash>>(), It.IsAny<CancellationToken>()))
            .Returns((IReadOnlyList<ApiKeyHash> hashes, CancellationToken _) =>
            {
                if (hash is null)
                {
                    // The warm-up.
                    hash = hashes.Single();
                    return ValueTask.FromResult<ApiKey?>(null);
                }

                hash = hashes.Single();
                asked.SetResult();
                return new ValueTask<ApiKey?>(answered.Task);
            });
        await using var app = await TestApp.StartAsync(
            web => web.MapGet("/", () => "in").RequireAuthorization(), store: store.Object,
            before: web => web.Use((context, next) =>
            {
                context.RequestAborted.Register(aborted.SetResult);
                return next(context);
            }));
        var secret = app.NewSecret();
        using (var cancel = new CancellationTokenSource())
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/")
            {
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", secret) },
            };
            var first = app.Client.SendAsync(request, cancel.Token);
            await asked.Task;
            await cancel.CancelAsync();
            Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
            await aborted.Task;
        }

        var second = app.GetAsync("/", secret);
        answered.SetResult(new ApiKey { Id = "key1", Secrets = [new ApiKeySecret { Hash = hash! }] });
        using var answer = await second;
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        store.Verify(s => s.FindAsync(It.IsAny<IReadOnlyList<ApiKeyHash>>(), It.IsAny<CancellationToken>()), Times.Exactly(2));
        Assert.That(app.Logs.Entries.Where(entry => entry.Level >= LogLevel.Error), Is.Empty);
    }

    private static Task<TestApp> StartAsync() => TestApp.StartAsync(web =>
    {
        web.MapMethods("/", ["GET", "HEAD"], () => "in").RequireAuthorization();
        web.MapGet("/open", () => "open");
        web.MapPost("/upload", async (HttpContext context) =>
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            return $"{body.Length}";
        }).RequireAuthorization();
    });
}
