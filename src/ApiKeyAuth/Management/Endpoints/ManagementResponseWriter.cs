using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Documents;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Writes the responses of the management endpoints. Errors are left to the error response writer.</summary>
internal static class ManagementResponseWriter
{
    private const string ChangeReachHeader = "API-Key-Change-Reach";

    /// <summary>Writes a key and its entity tag.</summary>
    public static Task WriteKeyAsync(HttpContext context, ApiKeyResult<ApiKey> result) =>
        result.Succeeded ? WriteKeyAsync(context, result.Value, null) : RejectAsync(context, result.Error);

    /// <summary>Writes a changed key.</summary>
    public static Task WriteChangedAsync(HttpContext context, ApiKeyResult<ApiKey> result)
    {
        AddChangeReachHeader(context, result.Succeeded);
        return WriteKeyAsync(context, result);
    }

    /// <summary>Writes the response for a deleted key.</summary>
    public static Task WriteDeletedAsync(HttpContext context, ApiKeyResult<ApiKey> result)
    {
        if (!result.Succeeded)
        {
            return RejectAsync(context, result.Error);
        }

        AddChangeReachHeader(context, isChanged: true);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Writes a revoked key and the number of revoked keys.</summary>
    public static Task WriteRevokedAsync(HttpContext context, ApiKeyResult<RevokedApiKey> result)
    {
        if (!result.Succeeded)
        {
            return RejectAsync(context, result.Error);
        }

        AddChangeReachHeader(context, isChanged: true);
        return WriteKeyAsync(context, result.Value.Key, null, result.Value.RevokedCount);
    }

    /// <summary>Gets the path of a request to a collection as a URI, without a trailing slash.</summary>
    /// <remarks>
    /// The path is decoded except for %2F. Any other percent sign was escaped by the client and is escaped again, because it would
    /// otherwise turn two digits after it into an escape sequence.
    /// </remarks>
    public static string GetCollectionPath(HttpRequest request)
    {
        static string? Escape(string? path) => path?.Replace("%", "%25", StringComparison.Ordinal)
            .Replace("%252F", "%2F", StringComparison.OrdinalIgnoreCase);
        var path = new PathString(Escape(request.PathBase.Value)) + new PathString(Escape(request.Path.Value));
        return path.ToUriComponent().TrimEnd('/');
    }

    /// <summary>Writes a key and its new secret, which must not be cached.</summary>
    /// <param name="context">The HTTP context.</param>
    /// <param name="result">The key.</param>
    /// <param name="collection">The path to which the ID of a new key is appended for its location, or null if the key is not new.</param>
    public static Task WriteIssuedAsync(HttpContext context, ApiKeyResult<IssuedApiKey> result, string? collection = null)
    {
        if (!result.Succeeded)
        {
            return RejectAsync(context, result.Error);
        }

        if (collection is not null)
        {
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.Headers.Location = $"{collection}/{result.Value.Key.Id}";
        }

        AddChangeReachHeader(context, collection is null);
        return WriteKeyAsync(context, result.Value.Key, result.Value.Secret);
    }

    public static Task WriteJsonAsync<T>(HttpContext context, T document, JsonTypeInfo<T> type)
    {
        // Responses about keys must not be stored by caches.
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, document, type, context.RequestAborted);
    }

    /// <summary>Passes an error to the error response writer.</summary>
    public static Task RejectAsync(HttpContext context, ApiKeyError error)
    {
        ApiKeyRequestFeature.GetOrCreate(context).ReplaceError(error);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Adds the header that states which nodes have applied a change: all with a backplane, otherwise this one, and others within the cache
    /// lifetime.
    /// </summary>
    private static void AddChangeReachHeader(HttpContext context, bool isChanged)
    {
        if (isChanged)
        {
            var services = context.RequestServices;
            var hasBackplane = services.GetRequiredService<IApiKeyInvalidator>().HasBackplane;
            var maxAge = Math.Ceiling(services.GetRequiredService<ApiKeyCacheOptions>().KnownKeyLifetime.TotalSeconds);
            context.Response.Headers[ChangeReachHeader] = hasBackplane
                ? "nodes=all"
                : string.Create(CultureInfo.InvariantCulture, $"nodes=this, max-age={maxAge}");
        }
    }

    private static Task WriteKeyAsync(HttpContext context, ApiKey key, string? secret, int? revokedCount = null)
    {
        context.Response.Headers.ETag = IfMatchHeader.FormatTag(key);
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var document = KeyDocumentMapper.Create(key, now, secret) with { RevokedCount = revokedCount };
        return WriteJsonAsync(context, document, ManagementJsonContext.Default.ApiKeyDocument);
    }
}
