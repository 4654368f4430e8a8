using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace ApiKeyAuth.Http;

/// <summary>Provides the methods that write the default body: problem details (RFC 9457) with the error code and the trace ID.</summary>
internal static class ProblemDetailsWriter
{
    private const string DefaultType = "about:blank";

    // JSON does not escape these characters, and most trace IDs consist of them.
    private static readonly SearchValues<char> UnescapedCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-:._|");

    private static ReadOnlySpan<byte> Suffix => "\"}"u8;

    /// <summary>Writes the body through the service of the app, or without it if no writer of the app writes this response.</summary>
    public static async Task WriteAsync(
        HttpContext context, ApiKeyError error, IProblemDetailsService service, string? documentationUrl = null)
    {
        var response = context.Response;
        (response.ContentType, response.ContentLength) = (null, null);
        var problem = new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = CreateProblem(error, GetTraceId(context), documentationUrl),
        };

        // The writer that AddControllers registers returns true for some controllers without writing anything.
        if (!await service.TryWriteAsync(problem) || (response.ContentType is null && !response.HasStarted))
        {
            await WriteAsync(context, error, documentationUrl);
        }
    }

    /// <summary>Writes the body.</summary>
    public static Task WriteAsync(HttpContext context, ApiKeyError error, string? documentationUrl = null)
    {
        var body = CreateBody(error, GetTraceId(context), documentationUrl);
        context.Response.ContentType = "application/problem+json";
        context.Response.ContentLength = body.Length;

        // The body is so small that cancellation would not help.
        return context.Response.Body.WriteAsync(body, CancellationToken.None).AsTask();
    }

    private static string GetTraceId(HttpContext context) => Activity.Current?.Id ?? context.TraceIdentifier;

    private static string GetTypeUri(ApiKeyError error, string? documentationUrl) =>
        documentationUrl is null ? DefaultType : $"{documentationUrl}#{error.Code}";

    // The title of about:blank is the reason phrase of the status (RFC 9457 §4.2.1).
    private static string GetTitle(ApiKeyError error) => ReasonPhrases.GetReasonPhrase(error.StatusCode);

    private static ProblemDetails CreateProblem(ApiKeyError error, string traceId, string? documentationUrl)
    {
        var problem = new ProblemDetails
        {
            Type = GetTypeUri(error, documentationUrl),
            Title = GetTitle(error),
            Status = error.StatusCode,
            Detail = error.Message,
            Extensions = { ["code"] = error.Code, ["traceId"] = traceId },
        };
        if (error.Fields.Count > 0)
        {
            // The JSON options of an app that is compiled to native code can serialize an element, but no dictionary.
            problem.Extensions["errors"] = JsonElement.Parse(Serialize(error, traceId, documentationUrl)).GetProperty("errors"u8);
        }

        return problem;
    }

    private static byte[] CreateBody(ApiKeyError error, string traceId, string? documentationUrl)
    {
        // Several apps of a process can have other pages, so only the default is cached.
        if (documentationUrl is not null || error.Fields.Count > 0 || traceId.AsSpan().ContainsAnyExcept(UnescapedCharacters))
        {
            return Serialize(error, traceId, documentationUrl);
        }

        var prefix = error.CachedBodyPrefix ??= Serialize(error, "", documentationUrl: null)[..^Suffix.Length];
        var body = new byte[prefix.Length + traceId.Length + Suffix.Length];
        prefix.CopyTo(body);
        Encoding.ASCII.GetBytes(traceId, body.AsSpan(prefix.Length));
        Suffix.CopyTo(body.AsSpan(prefix.Length + traceId.Length));
        return body;
    }

    private static byte[] Serialize(ApiKeyError error, string traceId, string? documentationUrl)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, error, traceId, documentationUrl);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, ApiKeyError error, string traceId, string? documentationUrl)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, GetTypeUri(error, documentationUrl));
        json.WriteString("title"u8, GetTitle(error));
        json.WriteNumber("status"u8, error.StatusCode);
        json.WriteString("detail"u8, error.Message);
        json.WriteString("code"u8, error.Code);
        json.WriteString("traceId"u8, traceId);
        WriteFields(json, error.Fields);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyDictionary<string, string> fields)
    {
        if (fields.Count == 0)
        {
            return;
        }

        json.WriteStartObject("errors"u8);
        foreach (var (field, message) in fields)
        {
            json.WriteString(field, message);
        }

        json.WriteEndObject();
    }
}
