using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace ApiKeyAuth.IntegrationTests.Stores.Faults;

/// <summary>Creates, changes, rotates and revokes keys over HTTP until the app ends, and records the responses.</summary>
internal sealed class KeyWriting(string address, string admin)
{
    private readonly ConcurrentQueue<(string Id, string Action)> _answered = new();
    private readonly ConcurrentQueue<(string Id, string Secret)> _secrets = new();

    /// <summary>Gets the acknowledged changes, in order for each key.</summary>
    public IReadOnlyCollection<(string Id, string Action)> Answered => _answered;

    /// <summary>Gets the number of changes that failed because the store was busy.</summary>
    public int Busy { get; private set; }

    /// <summary>Gets the issued secrets.</summary>
    public IReadOnlyCollection<(string Id, string Secret)> Secrets => _secrets;

    public async Task RunAsync()
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(address) };
        client.DefaultRequestHeaders.Add("X-API-Key", admin);
        try
        {
            for (var index = 0; ; index++)
            {
                await WriteAsync(client, index);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // The app has ended, perhaps during a response.
        }
    }

    private async Task WriteAsync(HttpClient client, int index)
    {
        var id = await SendAsync(client, HttpMethod.Post, "/api-keys", "create", """{"name":"made","scopes":["a:read"]}""");

        // If the store was too busy, the outcome of the change is unknown, so this key is not changed again.
        var isKnown = id is not null
            && await SendAsync(client, HttpMethod.Patch, $"/api-keys/{id}", "update", """{"name":"changed"}""") is not null
            && await SendAsync(client, HttpMethod.Post, $"/api-keys/{id}/rotate", "rotate", """{"graceSeconds":3600}""") is not null;
        if (isKnown && index % 3 > 0)
        {
            var (method, path, action) = index % 3 == 1 ? (HttpMethod.Post, "/revoke", "revoke") : (HttpMethod.Delete, "", "delete");
            await SendAsync(client, method, $"/api-keys/{id}{path}", action, null);
        }
    }

    /// <summary>Makes a change. The result is null if the store was too busy.</summary>
    private async Task<string?> SendAsync(HttpClient client, HttpMethod method, string path, string action, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            Busy++;
            return null;
        }

        Assert.That(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        if (action == "delete")
        {
            var deleted = path.Split('/')[^1];
            _answered.Enqueue((deleted, action));
            return deleted;
        }

        var key = JsonElement.Parse(text);
        var id = key.GetProperty("id").GetString()!;
        if (key.TryGetProperty("key", out var secret))
        {
            _secrets.Enqueue((id, secret.GetString()!));
        }

        _answered.Enqueue((id, action));
        return id;
    }
}
