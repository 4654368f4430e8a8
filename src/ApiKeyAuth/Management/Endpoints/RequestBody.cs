using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using ApiKeyAuth.Http;
using ApiKeyAuth.Management.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Reads the body of a request as one JSON object of limited size and depth.</summary>
internal static class RequestBody
{
    /// <summary>The maximum depth, for the contexts that describe bodies.</summary>
    public const int MaxDepth = 8;

    private const int MaxBytes = 65_536;
    private const int InitialBytes = 4_096;
    private const string Json = "application/json";
    private const string MergePatch = "application/merge-patch+json";

    /// <summary>Reads a body, regardless of the JSON options of the app.</summary>
    /// <param name="request">The request.</param>
    /// <param name="type">The metadata of the body, from a context with strict options.</param>
    /// <param name="isOptional">Whether an empty body is read like an empty object.</param>
    /// <param name="maxBytes">The maximum length of the body. The default is 64 KiB.</param>
    /// <returns>The body, or a problem with status 400 that names the first fault.</returns>
    public static async Task<ApiKeyResult<T>> ReadAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, bool isOptional = false, int maxBytes = MaxBytes)
        where T : class
    {
        var json = await ReadJsonAsync(request, isOptional, maxBytes);
        if (!json.Succeeded)
        {
            return json.Error;
        }

        try
        {
            return JsonSerializer.Deserialize(json.Value, type) is { } body ? body : BodyFault.NotAnObject;
        }
        catch (JsonException exception)
        {
            return BodyFault.Describe(exception, type);
        }
    }

    /// <summary>Reads the whole body, or returns null if it is too long.</summary>
    public static async Task<byte[]?> ReadBytesAsync(HttpRequest request, int maxBytes)
    {
        var buffer = new byte[InitialBytes];
        for (var length = 0; length <= maxBytes;)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * length);
            }

            var read = await request.Body.ReadAsync(buffer.AsMemory(length), request.HttpContext.RequestAborted);
            if (read == 0)
            {
                return buffer[..length];
            }

            length += read;
        }

        return null;
    }

    public static ApiKeyError CreateTooLongProblem(int maxBytes) =>
        Problems.Malformed($"The body must be at most {maxBytes} bytes long");

    /// <summary>Reads the bytes of a body with a JSON content type.</summary>
    private static async Task<ApiKeyResult<byte[]>> ReadJsonAsync(HttpRequest request, bool isOptional, int maxBytes)
    {
        var bytes = await ReadBytesAsync(request, maxBytes);
        return bytes is null ? CreateTooLongProblem(maxBytes)
            : isOptional && bytes.Length == 0 ? "{}"u8.ToArray()
            : !IsJson(request) ? Problems.Malformed($"The body must be sent with Content-Type: {Json}")
            : !Utf8.IsValid(bytes) ? Problems.Malformed("The body must be UTF-8")
            : bytes;
    }

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
            || (HttpMethods.IsPatch(request.Method) && type.MediaType.Equals(MergePatch, StringComparison.OrdinalIgnoreCase)))
        && (!type.Charset.HasValue
            || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
}
