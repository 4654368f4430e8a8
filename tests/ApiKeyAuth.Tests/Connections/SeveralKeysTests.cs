using ApiKeyAuth.Connections;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Connections;

/// <summary>
/// Tests that connections that were opened with several credentials, without a scope requirement, end with any of their keys.
/// </summary>
public sealed class SeveralKeysTests
{
    [TestCase("A,B", "key1", "Authorization", TestName = "one key, read by two schemes")]
    [TestCase("A,B", "key1", "X-A", "X-B")]
    [TestCase("A,B", "key2", "X-A", "X-B")]
    [TestCase("A,Bearer", "key1", "X-A", "token")]
    public async Task Stream_OneKeyIsRevoked_Ends(string schemes, string revoked, params string[] sources)
    {
        await using var app = await StartAsync(
            web => web.MapGet("/events", WriteAsync).RequireAuthorization(Over(schemes)).EndOnRevocation());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events");
        foreach (var (name, value) in await HeadersAsync(app, sources))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        await app.ChangeAsync(key => key with { RevokedAt = app.Clock.GetUtcNow() }, revoked);
        Assert.That(
            async () => await (await response.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null).WaitAsync(Eventually.Deadline),
            Throws.InstanceOf<IOException>());
        await Eventually.IsTrueAsync(() => app.Services.GetRequiredService<OpenStreams>().IsEmpty);
    }

    [Test]
    public async Task Hub_OneKeyIsRevoked_Ends(
        [Values("key1", "key2")] string revoked,
        [Values(HttpTransportType.WebSockets, HttpTransportType.LongPolling)] HttpTransportType transport)
    {
        await using var app = await StartAsync(web => web.MapHub<StreamHub>("/hub").RequireAuthorization(Over("A,B")));
        var headers = await HeadersAsync(app, "X-A", "X-B");
        await using var connection = new HubConnectionBuilder().WithUrl(new Uri(app.Client.BaseAddress!, "/hub"), options =>
        {
            options.Transports = transport;
            headers.ForEach(header => options.Headers[header.Name] = header.Value);
        }).Build();
        var closed = new TaskCompletionSource();
        connection.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await connection.StartAsync();
        Assert.That(await connection.InvokeAsync<string>(nameof(StreamHub.Ping)), Is.EqualTo("pong"));
        await app.ChangeAsync(key => key with { RevokedAt = app.Clock.GetUtcNow() }, revoked);
        await closed.Task.WaitAsync(Eventually.Deadline);
        await Eventually.IsTrueAsync(() => app.Services.GetRequiredService<OpenStreams>().IsEmpty);
    }

    private static AuthorizeAttribute Over(string schemes) => new() { AuthenticationSchemes = schemes };

    private static Task<TestApp> StartAsync(Action<WebApplication> map) => TestApp.StartAsync(
        map,
        keys: keys => keys.AddScheme("A", scheme => scheme.Headers = ["X-A"]).AddScheme("B", scheme => scheme.Headers = ["X-B"]),
        services: services =>
        {
            services.AddSignalR();
            services.AddSingleton<StreamHub.Calls>();
            services.AddJwt();
        });

    private static async Task<List<(string Name, string Value)>> HeadersAsync(TestApp app, params string[] sources)
    {
        var headers = new List<(string, string)>();
        foreach (var source in sources)
        {
            headers.Add(source == "token"
                ? ("Authorization", "Bearer " + Jwts.Create())
                : (source, (source == "Authorization" ? "Bearer " : "") + await app.IssueAsync()));
        }

        return headers;
    }

    private static async Task WriteAsync(HttpContext context)
    {
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }
}
