using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

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
            json.WriteString("title"u8, Title(refusal.Status));
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

    /// <summary>The status phrases of RFC 9110 §15 and RFC 6585 §4, as RFC 9457 §4.2.1 asks for <c>about:blank</c>.</summary>
    private static string Title(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "Bad Request",
        StatusCodes.Status401Unauthorized => "Unauthorized",
        StatusCodes.Status403Forbidden => "Forbidden",
        StatusCodes.Status404NotFound => "Not Found",
        StatusCodes.Status409Conflict => "Conflict",
        StatusCodes.Status412PreconditionFailed => "Precondition Failed",
        StatusCodes.Status429TooManyRequests => "Too Many Requests",
        _ => "Service Unavailable",
    };
}
