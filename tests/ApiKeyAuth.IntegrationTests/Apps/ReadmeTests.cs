using System.Net;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Testing.Apps;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ApiKeyAuth.IntegrationTests.Apps;

/// <summary>Runs the code in the README of the package, and checks that this file contains each line of it.</summary>
internal sealed class ReadmeTests
{
    [Test]
    public async Task Snippet_OfTheReadme_Runs()
    {
        await using WebApplicationFactory<Program> factory = new QuickstartFactory();

        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-06-01T12:00:00Z"));
        await using var app = factory.WithClock(clock).WithApiKey(["demo:read"], key => key with
        {
            TenantId = "acme",
            RateLimits = RateLimit.ParseList("1/minute"),
            ExpiresAt = new ApiKeyExpiry(clock.GetUtcNow().AddHours(1)),
        });
        using var client = app.CreateClient();

        Assert.That((await client.GetAsync("/protected")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await client.GetAsync("/protected")).StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));

        clock.Advance(TimeSpan.FromMinutes(1));      // the limit is available again
        Assert.That((await client.GetAsync("/protected")).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        clock.Advance(TimeSpan.FromHours(1));        // the key has expired
        Assert.That((await client.GetAsync("/protected")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public void Snippet_OfTheReadme_IsTheCodeAbove()
    {
        var readme = File.ReadAllText(Repository.PathOf("src", "ApiKeyAuth.Testing", "README.md"));
        var code = File.ReadAllText(Repository.PathOf("tests", "ApiKeyAuth.IntegrationTests", "Apps", "ReadmeTests.cs"));
        var snippet = readme.Split("```csharp\n")
            .Skip(1)
            .Select(block => block.Split("```")[0])
            .Single(block => block.Contains("WithClock(", StringComparison.Ordinal));

        Assert.That(Bare(code), Does.Contain(Bare(snippet)));
    }

    private static string Bare(string code) =>
        string.Join('\n', code.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
