using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ApiKeyAuth.Http;

/// <summary>The default body: problem details (RFC 9457) with the refusal's code and the trace id.</summary>
internal static class ProblemDetailsWriter
{
    // Kept for the thread: a refusal is to cost less than what it refuses. They are used and left in one method that waits for nothing.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    // What JSON needs no escape for, and trace ids mostly hold no more than.
    private static readonly SearchValues<char> UnescapedCharacters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-:._|");

    private static ReadOnlySpan<byte> Suffix => "\"}"u8;

    public static Task WriteAsync(HttpContext context, ApiKeyError error)
    {
        var traceId = Activity.Current?.Id ?? context.TraceIdentifier;
        if (error.Fields.Count > 0 || traceId.AsSpan().ContainsAnyExcept(UnescapedCharacters))
        {
            return SendAsync(context, Write(error, traceId), "", default);
        }

        var head = error.CachedBodyPrefix ??= Write(error, "")[..^Suffix.Length].ToArray();
        return SendAsync(context, head, traceId, Suffix);
    }

    /// <summary>Sends all in one write; in pieces through the writer, with a flush, it took longer over a body that is a stream.</summary>
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

        // Without the request's token: nobody waits for so small a body, and asking for the token takes time.
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
        // Not given back where it failed: whoever writes may still read it.
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

        // Of about:blank, the phrase of the status (RFC 9457 §4.2.1).
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
        foreach (var (field, fault) in fields)
        {
            json.WriteString(field, fault);
        }

        json.WriteEndObject();
    }
}
