using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ApiKeyAuth.Errors;

/// <summary>The default body: problem details (RFC 9457) with the refusal's code and the trace id.</summary>
internal static class ProblemBody
{
    public static async Task WriteAsync(HttpContext context, ApiKeyRefusal refusal)
    {
        var body = new ArrayBufferWriter<byte>(256);
        var json = new Utf8JsonWriter(body);
        await using (json)
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

        context.Response.ContentType = "application/problem+json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
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
