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
    private const string Type = "about:blank";

    // JSON does not escape these characters, and most trace IDs consist of them.
    private static readonly SearchValues<char> UnescapedCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-:._|");

    private static ReadOnlySpan<byte> Suffix => "\"}"u8;

    /// <summary>Writes the body through the service of the app, or without it if no writer of the app writes this response.</summary>
    public static async Task WriteAsync(HttpContext context, ApiKeyError error, IProblemDetailsService service)
    {
        var response = context.Response;
        (response.ContentType, response.ContentLength) = (null, null);
        var problem = new ProblemDetailsContext { HttpContext = context, ProblemDetails = CreateProblem(error, GetTraceId(context)) };

        // The writer that AddControllers registers returns true for some controllers without writing anything.
        if (!await service.TryWriteAsync(problem) || (response.ContentType is null && !response.HasStarted))
        {
            await WriteAsync(context, error);
        }
    }

    /// <summary>Writes the body.</summary>
    public static Task WriteAsync(HttpContext context, ApiKeyError error)
    {
        var body = CreateBody(error, GetTraceId(context));
        context.Response.ContentType = "application/problem+json";
        context.Response.ContentLength = body.Length;

        // The body is so small that cancellation would not help.
        return context.Response.Body.WriteAsync(body, CancellationToken.None).AsTask();
    }

    private static string GetTraceId(HttpContext context) => Activity.Current?.Id ?? context.TraceIdentifier;

    // The title of about:blank is the reason phrase of the status (RFC 9457 §4.2.1).
    private static string GetTitle(ApiKeyError error) => ReasonPhrases.GetReasonPhrase(error.StatusCode);

    private static ProblemDetails CreateProblem(ApiKeyError error, string traceId)
    {
        var problem = new ProblemDetails
        {
            Type = Type,
            Title = GetTitle(error),
            Status = error.StatusCode,
            Detail = error.Message,
            Extensions = { ["code"] = error.Code, ["traceId"] = traceId },
        };
        if (error.Fields.Count > 0)
        {
            // The JSON options of an app that is compiled to native code can serialize an element, but no dictionary.
            problem.Extensions["errors"] = JsonElement.Parse(Serialize(error, traceId)).GetProperty("errors"u8);
        }

        return problem;
    }

    private static byte[] CreateBody(ApiKeyError error, string traceId)
    {
        if (error.Fields.Count > 0 || traceId.AsSpan().ContainsAnyExcept(UnescapedCharacters))
        {
            return Serialize(error, traceId);
        }

        var prefix = error.CachedBodyPrefix ??= Serialize(error, "")[..^Suffix.Length];
        var body = new byte[prefix.Length + traceId.Length + Suffix.Length];
        prefix.CopyTo(body);
        Encoding.ASCII.GetBytes(traceId, body.AsSpan(prefix.Length));
        Suffix.CopyTo(body.AsSpan(prefix.Length + traceId.Length));
        return body;
    }

    private static byte[] Serialize(ApiKeyError error, string traceId)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, error, traceId);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, ApiKeyError error, string traceId)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, Type);
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
