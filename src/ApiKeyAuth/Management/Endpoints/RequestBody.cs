using System.Text.Json;
using System.Text.Unicode;
using ApiKeyAuth.Management.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Reads the body of a request as one JSON object of limited size and depth.</summary>
internal static class RequestBody
{
    private const int MaxBytes = 65_536;
    private const string Json = "application/json";
    private const string MergePatch = "application/merge-patch+json";
    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = 8 };

    /// <summary>Reads the members of a body.</summary>
    public static async Task<ApiKeyResult<T>> ReadAsync<T>(HttpRequest request, Func<BodyReader, T> read, bool isOptional = false)
        where T : class
    {
        var bytes = await ReadAsync(request);
        if (bytes is null)
        {
            return Problems.Malformed($"The body must be at most {MaxBytes} bytes long");
        }

        if (isOptional && bytes.Length == 0)
        {
            return read(new BodyReader(JsonDocument.Parse("{}").RootElement));
        }

        if (!IsJson(request))
        {
            return Problems.Malformed($"The body must be sent with Content-Type: {Json}");
        }

        return Parse(bytes, read);
    }

    private static ApiKeyResult<T> Parse<T>(byte[] bytes, Func<BodyReader, T> read)
        where T : class
    {
        if (!Utf8.IsValid(bytes))
        {
            return Problems.Malformed("The body must be UTF-8");
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, DocumentOptions);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? read(new BodyReader(document.RootElement))
                : Problems.Malformed("The body must be a JSON object");
        }
        catch (JsonException)
        {
            // The message of the exception may contain a part of the body, and thus a secret.
            return Problems.Malformed("The body must be valid JSON with at most 8 nested levels");
        }
        catch (InvalidOperationException)
        {
            return Problems.Malformed("The body must not contain unpaired surrogates");
        }
    }

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
            || (HttpMethods.IsPatch(request.Method) && type.MediaType.Equals(MergePatch, StringComparison.OrdinalIgnoreCase)))
        && (!type.Charset.HasValue
            || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads the whole body, or returns null if it is too long.</summary>
    private static async Task<byte[]?> ReadAsync(HttpRequest request)
    {
        var buffer = new byte[MaxBytes + 1];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await request.Body.ReadAsync(buffer.AsMemory(length), request.HttpContext.RequestAborted);
            if (read == 0)
            {
                return buffer[..length];
            }

            length += read;
        }

        return null;
    }
}
