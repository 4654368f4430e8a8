using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ApiKeyAuth.Tests.Authentication;

/// <summary>Tests the properties of the ticket of a request.</summary>
public sealed class TicketPropertiesTests
{
    private static readonly DateTimeOffset Expiration = new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);

    [TestCase(null, null, "")]
    [TestCase(5, null, "2026-02-06")]
    [TestCase(null, 6, "2026-02-07")]
    [TestCase(5, 6, "2026-02-06")]
    [TestCase(7, 6, "2026-02-07")]
    public async Task ExpiresUtc_KeyAndSecret_IsTheEarlierExpiration(int? keyDays, int? secretDays, string expected)
    {
        await using var app = await StartAsync();
        Assert.That(
            await SendAsync(app, await IssueAsync(app, keyDays, secretDays)), Is.EqualTo($"{expected} {(expected == "" ? 0 : 1)} 0"));
    }

    [TestCase(null)]
    [TestCase(5)]
    public async Task Properties_WrittenToByOneRequest_AreUnchangedForTheNext(int? days)
    {
        await using var app = await StartAsync();
        var secret = await IssueAsync(app, days, null);
        var first = await SendAsync(app, secret);
        Assert.That(await SendAsync(app, secret), Is.EqualTo(first));
    }

    private static Task<string> IssueAsync(TestApp app, int? keyDays, int? secretDays) => app.IssueAsync(key => key with
    {
        ExpiresAt = keyDays is { } ofKey ? new ApiKeyExpiry(Expiration.AddDays(ofKey)) : null,
        Secrets = [key.Secrets[0] with { ExpiresAt = secretDays is { } ofSecret ? Expiration.AddDays(ofSecret) : null }],
    });

    private static async Task<string> SendAsync(TestApp app, string secret)
    {
        using var response = await app.GetAsync("/", secret);
        return await response.BodyAsync();
    }

    private static Task<TestApp> StartAsync() => TestApp.StartAsync(web => web.MapGet("/", async (HttpContext context) =>
    {
        var properties = (await context.AuthenticateAsync("ApiKey")).Properties!;
        var written = $"{properties.ExpiresUtc:yyyy-MM-dd} {properties.Items.Count} {properties.Parameters.Count}";
        properties.ExpiresUtc = Expiration;
        properties.Items["note"] = "mine";
        properties.SetParameter("object", context);
        return written;
    }).RequireAuthorization());
}
