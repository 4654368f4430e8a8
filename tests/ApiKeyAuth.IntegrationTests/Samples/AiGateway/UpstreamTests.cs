using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.IntegrationTests.Samples.AiGateway;

/// <summary>Tests the gateway in production with an upstream of the test: what it forwards, and how it reports the upstream's errors.</summary>
internal sealed class UpstreamTests
{
    private const string UpstreamKey = "upstream-key";

    private readonly ConcurrentQueue<string> _received = new();
    private WebApplication _upstream = null!;
    private RunningSample _gateway = null!;
    private string _token = null!;
    private HttpStatusCode _status;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _upstream = builder.Build();
        _upstream.Run(AnswerAsync);
        await _upstream.StartAsync();
        _gateway = await RunningSample.StartInProductionAsync("AiGateway", new Dictionary<string, string?>
        {
            ["ReverseProxy__Clusters__deepseek__Destinations__upstream__Address"] = _upstream.Urls.First(),
            ["Upstreams__deepseek__ApiKey"] = UpstreamKey,
        });
        _token = (await _gateway.IssueAsync(AiGatewaySample.OfDemoGateway)).Secret;
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await (_gateway?.DisposeAsync() ?? default);
        await _upstream.DisposeAsync();
    }

    [SetUp]
    public void Reset()
    {
        _received.Clear();
        _status = HttpStatusCode.OK;
    }

    [Test]
    public async Task Token_AlsoInOtherHeadersAndTheQuery_IsForwardedInNone()
    {
        var answer = await _gateway.SendAsync(
            "POST", $"{AiGatewaySample.Chat}?api_key={_token}", AiGatewaySample.Question, AiGatewaySample.Bearer(_token),
            AiGatewaySample.DemoHost, $"X-API-Key: {_token}", $"Proxy-Authorization: Bearer {_token}", $"Cookie: token={_token}",
            $"User-Agent: {_token}", $"Accept: application/json;token={_token}", $"X-{_token}: 1");

        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        Assert.That(_received, Has.Count.EqualTo(1));
        Assert.That(_received.Single(), Does.Contain($"Authorization: Bearer {UpstreamKey}").And.Not.Contain(_token));
        Assert.That(_received.Single(), Does.Contain("Content-Type: application/json"));
    }

    [TestCase(HttpStatusCode.Unauthorized)]
    [TestCase(HttpStatusCode.Forbidden)]
    public async Task UpstreamError_AboutItsKey_IsNotOneOfTheToken(HttpStatusCode status)
    {
        _status = status;

        var answer = await AskAsync();

        AiGatewaySample.AssertText(answer, 502, "The model rejected the key of the gateway.");
        Assert.That(answer.Header("WWW-Authenticate"), Is.Null);
        await Eventually.IsTrueAsync(() => _gateway.Output.Contains(
            $"The upstream deepseek rejected the key of the gateway with {(int)status}.", StringComparison.Ordinal));
        Assert.That(_gateway.Output, Does.Not.Contain(UpstreamKey).And.Not.Contain(_token));
    }

    [Test]
    public async Task UpstreamError_AboutTheRequest_IsForwarded()
    {
        _status = HttpStatusCode.UnprocessableEntity;

        var answer = await AskAsync();

        Assert.That((answer.Status, answer.Body), Is.EqualTo((422, """{"error":"upstream"}""")));
    }

    [TestCase("/deepseek/gpt-4o/chat/completions", "gpt-4o", 404, "Model not found")]
    [TestCase("/deepseek/any-model/chat/completions", "any-model", 404, "Model not found")]
    [TestCase("/deepseek/DeepSeek-Chat/chat/completions", "DeepSeek-Chat", 404, "Model not found")]
    [TestCase(AiGatewaySample.Chat, "deepseek-reasoner", 400, "model must be the model of the path")]
    public async Task Model_OfThePath_IsCheckedBeforeTheUpstreamIsCalled(string path, string model, int status, string text)
    {
        var answer = await AskAsync(AiGatewaySample.Ask(model), path);

        AiGatewaySample.AssertText(answer, status, text);
        Assert.That(_received, Is.Empty);
    }

    [TestCase("{}", "model must be the model of the path")]
    [TestCase("[]", "model must be the model of the path")]
    [TestCase("""{"model":5}""", "model must be the model of the path")]
    [TestCase("""{"model":"deepseek-chat","model":"deepseek-reasoner"}""", "body must be JSON that names each member once")]
    [TestCase("{", "body must be JSON that names each member once")]
    [TestCase("", "body must be JSON that names each member once")]
    public async Task Body_WithoutTheModelOfThePath_IsRejected(string body, string text)
    {
        var answer = await AskAsync(body);

        AiGatewaySample.AssertText(answer, 400, text);
        Assert.That(_received, Is.Empty);
    }

    [TestCase("localhost")]
    [TestCase("LOCALHOST:5084")]
    [TestCase("127.0.0.1")]
    [TestCase("[::1]")]
    public async Task HostOfThisMachine_OutsideDevelopment_IsNoGateway(string host)
    {
        var answer = await _gateway.SendAsync(
            "POST", AiGatewaySample.Chat, AiGatewaySample.Question, AiGatewaySample.Bearer(_token), $"Host: {host}");

        AiGatewaySample.AssertInvalid(answer);
        Assert.That(_received, Is.Empty);
    }

    [TestCase("user-123456-demo-gateway.ai-gateway.vngcloud.vn")]
    [TestCase("USER-123456-Demo-Gateway.AI-Gateway.vngcloud.vn:8443")]
    public async Task HostOfAGateway_InAnyCase_IsThatGateway(string host)
    {
        var answer = await _gateway.SendAsync(
            "POST", AiGatewaySample.Chat, AiGatewaySample.Question, AiGatewaySample.Bearer(_token), $"Host: {host}");

        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
    }

    [Test]
    public async Task Models_WithAToken_AreListed()
    {
        var answer = await _gateway.GetAsync("/models", AiGatewaySample.Bearer(_token), AiGatewaySample.DemoHost);

        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        Assert.That(
            answer.Json.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()),
            Is.EqualTo(new[] { "deepseek-chat", "deepseek-reasoner", "gpt-4o", "gpt-4o-mini" }));
    }

    [TestCase("/gateways")]
    [TestCase("/gateways/user-123456-demo-gateway/tokens")]
    [TestCase("/gateways/sign-in")]
    public async Task Pages_WithTheDevelopersSignIn_AreNotThereInProduction(string path) =>
        Assert.That((await _gateway.GetAsync(path, AiGatewaySample.DemoHost)).Status, Is.EqualTo(404));

    private Task<SampleAnswer> AskAsync(string body = AiGatewaySample.Question, string path = AiGatewaySample.Chat) =>
        _gateway.SendAsync("POST", path, body, AiGatewaySample.Bearer(_token), AiGatewaySample.DemoHost);

    private async Task AnswerAsync(HttpContext context)
    {
        var headers = context.Request.Headers.Select(header => $"{header.Key}: {header.Value}");
        _received.Enqueue(string.Join('\n', headers.Prepend(context.Request.GetEncodedPathAndQuery())));
        context.Response.StatusCode = (int)_status;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        await context.Response.WriteAsJsonAsync(new { error = "upstream" });
    }
}
