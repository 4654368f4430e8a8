using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ApiKeyAuth.Tests.TestHost;

/// <summary>Provides extension methods that read responses.</summary>
internal static partial class Answers
{
    public static async Task<string> BodyAsync(this HttpResponseMessage response) => await response.Content.ReadAsStringAsync();

    public static async Task<string?> CodeAsync(this HttpResponseMessage response)
    {
        var body = await response.BodyAsync();
        return body.StartsWith('{') ? JsonDocument.Parse(body).RootElement.GetProperty("code").GetString() : null;
    }

    /// <summary>Returns the values of a header, one for each of its lines. Empty if the header is absent.</summary>
    public static string[] Lines(this HttpResponseMessage response, string header) =>
        response.Headers.NonValidated.TryGetValues(header, out var values) ? [.. values] : [];

    public static string? Line(this HttpResponseMessage response, string header) => response.Lines(header) is [var only] ? only : null;

    public static long? Number(this HttpResponseMessage response, string header) =>
        response.Line(header) is { } text ? long.Parse(text, null) : null;

    public static async Task AssertRefusedAsync(this HttpResponseMessage response, int status, string code)
    {
        Assert.That(response.StatusCode, Is.EqualTo((HttpStatusCode)status));
        Assert.That(await response.CodeAsync(), Is.EqualTo(code));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(response.Line("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(response.Lines("WWW-Authenticate"), status == 401 ? Is.Not.Empty : Is.All.Contain("insufficient_scope"));
    }

    /// <summary>Removes the parts of a raw response that always differ: the date and the trace ID.</summary>
    public static string Normalized(string raw) => TraceId().Replace(Date().Replace(raw, "Date: -"), "\"traceId\":\"-\"");

    [GeneratedRegex(@"Date: [^\r]+")]
    private static partial Regex Date();

    [GeneratedRegex("\"traceId\":\"[^\"]+\"")]
    private static partial Regex TraceId();
}
