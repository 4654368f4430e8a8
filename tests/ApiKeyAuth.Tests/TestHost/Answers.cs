using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ApiKeyAuth.Tests.TestHost;

/// <summary>Reads answers.</summary>
internal static partial class Answers
{
    public static async Task<string> BodyAsync(this HttpResponseMessage answer) => await answer.Content.ReadAsStringAsync();

    public static async Task<string?> CodeAsync(this HttpResponseMessage answer)
    {
        var body = await answer.BodyAsync();
        return body.StartsWith('{') ? JsonDocument.Parse(body).RootElement.GetProperty("code").GetString() : null;
    }

    /// <summary>The values of a header, one string for each line of it; none where it is absent.</summary>
    public static string[] Lines(this HttpResponseMessage answer, string header) =>
        answer.Headers.NonValidated.TryGetValues(header, out var values) ? [.. values] : [];

    public static string? Line(this HttpResponseMessage answer, string header) => answer.Lines(header) is [var only] ? only : null;

    public static long? Number(this HttpResponseMessage answer, string header) => answer.Line(header) is { } text ? long.Parse(text, null) : null;

    public static async Task AssertRefusedAsync(this HttpResponseMessage answer, int status, string code)
    {
        Assert.That(answer.StatusCode, Is.EqualTo((HttpStatusCode)status));
        Assert.That(await answer.CodeAsync(), Is.EqualTo(code));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(answer.Line("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(answer.Lines("WWW-Authenticate"), status == 401 ? Is.Not.Empty : Is.All.Contain("insufficient_scope"));
    }

    /// <summary>A raw answer without what differs between any two: the date and the trace id.</summary>
    public static string Normalized(string raw) => TraceId().Replace(Date().Replace(raw, "Date: -"), "\"traceId\":\"-\"");

    [GeneratedRegex(@"Date: [^\r]+")]
    private static partial Regex Date();

    [GeneratedRegex("\"traceId\":\"[^\"]+\"")]
    private static partial Regex TraceId();
}
