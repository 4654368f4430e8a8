using System.Net.WebSockets;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.RateLimiting.Http;

/// <summary>A connection to a hub costs one request, whatever carries it.</summary>
public sealed class HubChargeTests
{
    [TestCase(HttpTransportType.LongPolling, false)]
    [TestCase(HttpTransportType.ServerSentEvents, false)]
    [TestCase(HttpTransportType.WebSockets, false)]
    [TestCase(HttpTransportType.WebSockets, true)]
    public async Task Connection_WithItsMessages_IsChargedOnce(HttpTransportType transport, bool skipNegotiation)
    {
        await using var app = await StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "100/hour");
        await using var connection = new HubConnectionBuilder().WithUrl(new Uri(app.Client.BaseAddress!, "/hub"), options =>
        {
            (options.Transports, options.SkipNegotiation) = (transport, skipNegotiation);
            options.Headers["X-API-Key"] = secret;
        }).Build();
        await connection.StartAsync();
        for (var message = 0; message < 5; message++)
        {
            Assert.That(await connection.InvokeAsync<string>(nameof(OpenHub.Ping)), Is.EqualTo("key1"));
        }

        using var counted = await app.GetAsync("/counted", secret);
        LimitedApp.AssertHeaders(counted, 100, 98);
    }

    [TestCase("/hub/negotiate?negotiateVersion=1")]
    [TestCase("/hub/negotiate?negotiateVersion=1&id=x")]
    [TestCase("/hub/negotiate?negotiateVersion=1&id=")]
    public async Task Negotiation_WhateverItsQuery_IsCharged(string target)
    {
        await using var app = await StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "1/hour");
        foreach (var status in new[] { 200, 429 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, target) { Headers = { { "X-API-Key", secret } } };
            using var answer = await app.Client.SendAsync(request);
            Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        }
    }

    [TestCase("/hub")]
    [TestCase("/hub?id=")]
    [TestCase("/hub?id")]
    public async Task Socket_ThatOpensAConnectionWithoutNegotiation_IsCharged(string target)
    {
        await using var app = await StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "1/hour");
        using var first = await ConnectAsync(app, target, secret);
        Assert.That(first.State, Is.EqualTo(WebSocketState.Open));
        Assert.That(() => ConnectAsync(app, target, secret), Throws.TypeOf<WebSocketException>().With.Message.Contains("429"));
    }

    [Test]
    public async Task Negotiation_OfAHubWithACost_CostsThat()
    {
        await using var app = await StartAsync();
        var secret = await LimitedApp.IssueAsync(app, "7/hour");
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/dear/negotiate?negotiateVersion=1")
        { Headers = { { "X-API-Key", secret } } };
        using var answer = await app.Client.SendAsync(request);
        LimitedApp.AssertHeaders(answer, 7, 2);
    }

    private static async Task<ClientWebSocket> ConnectAsync(TestApp app, string target, string secret)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-API-Key", secret);
        await socket.ConnectAsync(new Uri($"ws://{app.Client.BaseAddress!.Authority}{target}"), CancellationToken.None);
        return socket;
    }

    private static Task<TestApp> StartAsync() => TestApp.StartAsync(
        web =>
        {
            web.MapHub<OpenHub>("/hub").RequireAuthorization();
            web.MapHub<OpenHub>("/dear").RequireAuthorization().WithRequestCost(5);
            web.MapGet("/counted", () => "in").RequireAuthorization();
        },
        services: services => services.AddSignalR());

    private sealed class OpenHub : Hub
    {
        public string? Ping() => Context.User!.FindFirst("api_key_id")?.Value;
    }
}
