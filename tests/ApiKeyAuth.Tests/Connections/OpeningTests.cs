using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Tests.Diagnostics;
using ApiKeyAuth.Usage;
using ApiKeyAuth.Usage.Flushing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.Connections;

/// <summary>Tests which requests count as open connections, and what is reported when they end.</summary>
public sealed class OpeningTests
{
    [Test]
    public async Task Response_EndpointIsNotMarked_IsNotMonitored()
    {
        await using var app = await StreamApp.StartAsync(StreamKind.ServerSentEvents);
        var (_, secret) = await app.IssueAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/unmarked") { Headers = { { "X-API-Key", secret } } };
        using var response = await app.App.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        Assert.That(app.Streams.IsEmpty);
    }

    [Test]
    public async Task Socket_KeyIsRevokedBeforeTheAccept_Ends()
    {
        var revoke = new TaskCompletionSource<Func<Task>>();
        await using var app = await StreamApp.StartAsync(StreamKind.Socket, async () => await (await revoke.Task)());
        var (id, secret) = await app.IssueAsync();
        revoke.SetResult(() => app.App.ChangeAsync(key => key with { Enabled = false }, id));

        // The handshake may or may not reach the client before the connection ends.
        await using var client = await IgnoreAsync(app.OpenAsync(secret));
        await (client?.Closed ?? Task.CompletedTask).WaitAsync(Eventually.Deadline);
        await Eventually.IsTrueAsync(() => app.Streams.IsEmpty);
    }

    [Test]
    public async Task End_SeveralConnections_IsLoggedOncePerKeyAndCountedForEach()
    {
        await using var app = await StreamApp.StartAsync(StreamKind.Socket);
        using var metrics = new CapturedMetrics(app.App.Services);
        var (id, secret) = await app.IssueAsync();
        var clients = new List<OpenClient>();
        for (var client = 0; client < 3; client++)
        {
            clients.Add(await app.OpenAsync(secret));
        }

        await app.App.ChangeAsync(key => key with { RevokedAt = app.App.Clock.GetUtcNow() }, id);
        await Task.WhenAll(clients.Select(client => client.Closed)).WaitAsync(Eventually.Deadline);
        await Eventually.IsTrueAsync(() => app.App.Logs.Entries.Any(entry => entry.EventId == 110));
        var logged = app.App.Logs.Entries.Where(entry => entry.EventId == 110).ToArray();
        Assert.That(logged, Has.Length.EqualTo(1));
        Assert.That(logged[0].Level, Is.EqualTo(LogLevel.Information));
        Assert.That(logged[0].Text, Does.StartWith($"Ended 3 open connections of key {id}: {StreamEndReason.Revoked}."));
        Assert.That(
            metrics.Ours.Where(text => text.StartsWith("apikeyauth.streams.ended", StringComparison.Ordinal)),
            Is.EqualTo(Enumerable.Repeat("apikeyauth.streams.ended {connection} apikeyauth.stream.reason=revoked", 3)));

        // Each request is counted once when it is answered, and each end under the error code that requests now get.
        await app.App.Services.GetRequiredService<UsageFlusher>().RunAsync(CancellationToken.None);
        var now = app.App.Clock.GetUtcNow();
        var history = await app.Store.Inner.GetUsageAsync(
            new() { KeyId = id, From = now.AddDays(-1), To = now.AddDays(1) }, CancellationToken.None);
        Assert.That(
            history.Periods.Select(period => (period.Outcome, period.Count)),
            Is.EquivalentTo(new[] { (ApiKeyUsageOutcomes.Success, 3L), ("invalid_api_key", 3L) }));
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    private static async Task<OpenClient?> IgnoreAsync(Task<OpenClient> open)
    {
        try
        {
            return await open;
        }
        catch (Exception exception) when (exception is System.Net.WebSockets.WebSocketException or IOException)
        {
            return null;
        }
    }
}
