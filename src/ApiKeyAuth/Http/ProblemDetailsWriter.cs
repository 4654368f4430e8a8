using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ApiKeyAuth.Http;

/// <summary>Provides the method that writes the default body: problem details (RFC 9457) with the error code and the trace ID.</summary>
internal static class ProblemDetailsWriter
{
    // These are reused per thread to make error responses cheap. This is safe because they are only used in one synchronous method.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    // JSON does not escape these characters, and most trace IDs consist of them.
    private static readonly SearchValues<char> UnescapedCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-:._|");

    private static ReadOnlySpan<byte> Suffix => "\"}"u8;

    public static Task WriteAsync(HttpContext context, ApiKeyError error)
    {
        var traceId = Activity.Current?.Id ?? context.TraceIdentifier;
        if (error.Fields.Count > 0 || traceId.AsSpan().ContainsAnyExcept(UnescapedCharacters))
        {
            return SendAsync(context, Write(error, traceId), "", default);
        }

        var prefix = error.CachedBodyPrefix ??= Write(error, "")[..^Suffix.Length].ToArray();
        return SendAsync(context, prefix, traceId, Suffix);
    }

    /// <summary>Sends the body in one write, which is faster than several writes and a flush.</summary>
    private static Task SendAsync(HttpContext context, ReadOnlySpan<byte> prefix, string traceId, ReadOnlySpan<byte> suffix)
    {
        var length = prefix.Length + traceId.Length + suffix.Length;
        var body = ArrayPool<byte>.Shared.Rent(length);
        prefix.CopyTo(body);
        Encoding.ASCII.GetBytes(traceId, body.AsSpan(prefix.Length));
        suffix.CopyTo(body.AsSpan(prefix.Length + traceId.Length));
        var response = context.Response;
        response.ContentType = "application/problem+json";
        response.ContentLength = length;

        // The body is so small that cancellation would not help, and reading RequestAborted takes time.
        var sent = context.GetResponseBody().WriteAsync(body.AsMemory(0, length));
        if (!sent.IsCompletedSuccessfully)
        {
            return AwaitAsync(sent, body);
        }

        sent.GetAwaiter().GetResult();
        ArrayPool<byte>.Shared.Return(body);
        return Task.CompletedTask;
    }

    private static async Task AwaitAsync(ValueTask sent, byte[] body)
    {
        // If the write fails, the buffer is not returned to the pool, because the server may still read it.
        await sent;
        ArrayPool<byte>.Shared.Return(body);
    }

    private static ReadOnlySpan<byte> Write(ApiKeyError error, string traceId)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        var json = _json ??= new Utf8JsonWriter(buffer);
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        Write(json, error, traceId);
        json.Flush();
        return buffer.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter json, ApiKeyError error, string traceId)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "about:blank"u8);

        // The title of about:blank is the reason phrase of the status (RFC 9457 §4.2.1).
        json.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(error.StatusCode));
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
