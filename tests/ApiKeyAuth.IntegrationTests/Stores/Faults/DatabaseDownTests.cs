using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.IntegrationTests.Stores.Faults;

/// <summary>Tests an app whose PostgreSQL is stopped: which requests are served, and the state after the restart.</summary>
internal sealed class DatabaseDownTests
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(5);

    [Test]
    public async Task Server_Down_ServesWarmKeysUntilMaxStalenessAndChangesNothing()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        var connectionString = await server.CreateDatabaseAsync();
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using var app = await FaultyApp.StartAsync(keys => keys.AddPostgreSql(connectionString).MigrateOnStartup(), clock);
        var (admin, warm, cold) = (
            (await app.IssueAsync(1, "*"))[0], (await app.IssueAsync(1, "read"))[0], (await app.IssueAsync(1, "read"))[0]);
        Assert.That(await app.CallAsync(admin.Secret), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await app.CallAsync(warm.Secret), Is.EqualTo(HttpStatusCode.OK));
        var audit = (await app.ReadAuditAsync()).Count;

        await server.StopAsync();
        Assert.That(await app.CallAsync(cold.Secret), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        await AssertChangesFailAsync(app, admin.Secret, warm.Id);
        clock.Advance(Fresh + Stale - TimeSpan.FromSeconds(1));
        Assert.That(await app.CallAsync(admin.Secret), Is.EqualTo(HttpStatusCode.OK), "known before the outage, and within the bound");
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await app.CallAsync(admin.Secret), Is.EqualTo(HttpStatusCode.ServiceUnavailable));

        await server.RunAsync();
        await AssertServedAgainAsync(app, warm.Secret, cold.Secret);
        var read = await app.ReadAsync(warm.Id);
        Assert.That((read?.Name, read?.Version, read?.Secrets.Count, read?.RevokedAt), Is.EqualTo(("0", 1L, 1, (DateTimeOffset?)null)));
        Assert.That(await app.ReadAuditAsync(), Has.Count.EqualTo(audit));
    }

    private static async Task AssertChangesFailAsync(FaultyApp app, string admin, string id)
    {
        (HttpMethod Method, string Path, string? Body)[] changes =
        [
            (HttpMethod.Post, "/api-keys", """{"name":"n"}"""),
            (HttpMethod.Patch, $"/api-keys/{id}", """{"name":"lost"}"""),
            (HttpMethod.Post, $"/api-keys/{id}/rotate", "{}"),
            (HttpMethod.Post, $"/api-keys/{id}/revoke", null),
            (HttpMethod.Delete, $"/api-keys/{id}", null),
        ];
        foreach (var (method, path, body) in changes)
        {
            Assert.That(await app.CallAsync(admin, method, path, body), Is.EqualTo(HttpStatusCode.ServiceUnavailable), $"{method} {path}");
        }
    }

    // Each pooled connection to the old server fails once.
    private static async Task AssertServedAgainAsync(FaultyApp app, params string[] secrets)
    {
        foreach (var secret in secrets)
        {
            var answer = HttpStatusCode.ServiceUnavailable;
            for (var attempt = 0; attempt < 200 && answer == HttpStatusCode.ServiceUnavailable; attempt++)
            {
                answer = await app.CallAsync(secret);
            }

            Assert.That(answer, Is.EqualTo(HttpStatusCode.OK));
        }
    }
}
