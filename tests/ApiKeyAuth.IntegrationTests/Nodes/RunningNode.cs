using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Nodes;

/// <summary>Represents a node in a separate process, and a client of it.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private readonly RunningProcess _process;
    private readonly HttpClient _client;

    private RunningNode(RunningProcess process, string address)
    {
        _process = process;
        _client = new HttpClient(
            new SocketsHttpHandler { UseProxy = false })
        { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };
    }

    public string Output => _process.Output;

    public static async Task<RunningNode> StartAsync(NodeApp.Settings settings)
    {
        var process = NodeApp.Start(settings);
        try
        {
            return new RunningNode(process, (await process.WaitForAsync("Now listening on: ")).Trim());
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a key.</summary>
    public async Task<(string Id, string Secret)> CreateAsync(params string[] rateLimits)
    {
        using var answer = await SendAsync(
            HttpMethod.Post, "/api-keys", NodeApp.Admin, new { name = "n", scopes = new[] { "a:read", "b:read" }, rateLimits });
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Created), await answer.Content.ReadAsStringAsync());
        var key = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (key.GetProperty("id").GetString()!, key.GetProperty("key").GetString()!);
    }

    /// <summary>Changes a key in one of the ways that remove rights.</summary>
    public async Task<HttpResponseMessage> ChangeAsync(string change, string id) => change switch
    {
        "revoke" => await SendAsync(HttpMethod.Post, $"/api-keys/{id}/revoke", NodeApp.Admin),
        "delete" => await SendAsync(HttpMethod.Delete, $"/api-keys/{id}", NodeApp.Admin),
        "disable" => await SendAsync(HttpMethod.Patch, $"/api-keys/{id}", NodeApp.Admin, new { enabled = false }),
        "narrow" => await SendAsync(HttpMethod.Patch, $"/api-keys/{id}", NodeApp.Admin, new { scopes = new[] { "b:read" } }),
        "rotate" => await SendAsync(HttpMethod.Post, $"/api-keys/{id}/rotate", NodeApp.Admin, new { graceSeconds = 0 }),
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };

    public async Task<bool> IsHealthyAsync() => (await _client.GetStringAsync("/health")).Contains("Healthy", StringComparison.Ordinal);

    public async Task<int> CallAsync(string secret, string path = "/")
    {
        using var answer = await SendAsync(HttpMethod.Get, path, secret);
        return (int)answer.StatusCode;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string secret, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-API-Key", secret);
        request.Content = body is null ? null : JsonContent.Create(body);
        return await _client.SendAsync(request);
    }

    /// <summary>Opens a response that lasts until the key is revoked or expires.</summary>
    public async Task<OpenEvents> OpenAsync(string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events") { Headers = { { "X-API-Key", secret } } };
        return new OpenEvents(await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    /// <summary>Sends a signal to the process, such as <c>STOP</c> to suspend and <c>CONT</c> to resume it.</summary>
    public async Task SignalAsync(string signal) =>
        await RunningProcess.RunAsync("kill", ["-" + signal, $"{_process.Id}"], Path.GetTempPath());

    public Task<int> EndAsync(string signal) => _process.EndAsync(signal);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }
}
