using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ApiKeyAuth.Errors;

/// <summary>The default body: problem details (RFC 9457) with the refusal's code and the trace id.</summary>
internal static class ProblemBody
{
    // Kept for the thread: a refusal is to cost less than what it refuses. They are used and left in one method that waits for nothing.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    public static Task WriteAsync(HttpContext context, ApiKeyRefusal refusal)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        var json = _json ??= new Utf8JsonWriter(buffer);
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        Write(json, context, refusal);
        json.Flush();

        var response = context.Response;
        response.ContentType = "application/problem+json";
        response.ContentLength = buffer.WrittenCount;
        response.BodyWriter.Write(buffer.WrittenSpan);
        var flush = response.BodyWriter.FlushAsync(context.RequestAborted);
        return flush.IsCompletedSuccessfully ? Task.CompletedTask : flush.AsTask();
    }

    private static void Write(Utf8JsonWriter json, HttpContext context, ApiKeyRefusal refusal)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "about:blank"u8);

        // Of about:blank, the phrase of the status (RFC 9457 §4.2.1).
        json.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(refusal.Status));
        json.WriteNumber("status"u8, refusal.Status);
        json.WriteString("detail"u8, refusal.Message);
        json.WriteString("code"u8, refusal.Code);
        json.WriteString("traceId"u8, Activity.Current?.Id ?? context.TraceIdentifier);
        WriteFields(json, refusal.Fields);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyDictionary<string, string> fields)
    {
        if (fields.Count == 0)
        {
            return;
        }

        json.WriteStartObject("errors"u8);
        foreach (var (field, fault) in fields)
        {
            json.WriteString(field, fault);
        }

        json.WriteEndObject();
    }
}
