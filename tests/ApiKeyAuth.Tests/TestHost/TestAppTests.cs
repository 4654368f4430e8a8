using System.Net;
using Microsoft.AspNetCore.Builder;

namespace ApiKeyAuth.Tests.TestHost;

public sealed class TestAppTests
{
    [Test]
    public async Task TestApp_KeyOverClientAndSocket_IsAccepted()
    {
        await using var app = await TestApp.StartAsync(web => web.MapGet("/", () => "in").RequireScope("read"));
        var secret = await app.IssueAsync(key => key with { Scopes = TestApp.Scopes("read") });
        using var response = await app.GetAsync("/", secret);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await app.SendRawAsync("/", "X-API-Key: " + secret), Does.StartWith("HTTP/1.1 200 OK"));
        Assert.That(app.Logs.Entries, Is.Not.Empty);
        await app.ChangeAsync(null);
        Assert.That(await app.SendRawAsync("/", "X-API-Key: " + secret), Does.StartWith("HTTP/1.1 401 Unauthorized"));
    }
}
