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

/// <summary>Answers callers: by the documents, or through the one writer of refusals.</summary>
internal static class ManagementResponseWriter
{
    private const long RetryAfterSeconds = 2;
    private const string ChangeReachHeader = "API-Key-Change-Reach";

    /// <summary>Answers with a key and its tag.</summary>
    public static Task WriteKeyAsync(HttpContext context, ApiKeyResult<ApiKey> result) =>
        result.Succeeded ? WriteKeyAsync(context, result.Value, null) : RejectAsync(context, result.Problem);

    /// <summary>Answers with a changed key.</summary>
    public static Task WriteChangedAsync(HttpContext context, ApiKeyResult<ApiKey> result)
    {
        AddChangeReachHeader(context, result.Succeeded);
        return WriteKeyAsync(context, result);
    }

    /// <summary>Answers that a key is deleted.</summary>
    public static Task WriteDeletedAsync(HttpContext context, ApiKeyResult<ApiKey> result)
    {
        if (!result.Succeeded)
        {
            return RejectAsync(context, result.Problem);
        }

        AddChangeReachHeader(context, isChanged: true);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Answers with a revoked key and how many keys were revoked.</summary>
    public static Task WriteRevokedAsync(HttpContext context, ApiKeyResult<RevokedApiKey> result)
    {
        if (!result.Succeeded)
        {
            return RejectAsync(context, result.Problem);
        }

        AddChangeReachHeader(context, isChanged: true);
        return WriteKeyAsync(context, result.Value.Key, null, result.Value.RevokedCount);
    }

    /// <summary>Returns the path of a request to a collection as a URI, without a slash at its end.</summary>
    /// <remarks>
    /// The path is decoded but for %2F. A percent sign before anything else is one that the client escaped, and is escaped again here: left
    /// alone, it would turn two digits after it into an escape sequence.
    /// </remarks>
    public static string GetCollectionPath(HttpRequest request)
    {
        static string? Escape(string? path) => path?.Replace("%", "%25", StringComparison.Ordinal)
            .Replace("%252F", "%2F", StringComparison.OrdinalIgnoreCase);
        var path = new PathString(Escape(request.PathBase.Value)) + new PathString(Escape(request.Path.Value));
        return path.ToUriComponent().TrimEnd('/');
    }

    /// <summary>Answers with a key and its new secret, which no cache may keep.</summary>
    /// <param name="context">The request.</param>
    /// <param name="result">The key.</param>
    /// <param name="collection">The path to which the ID of a new key is added as its location, or null if the key is not new.</param>
    public static Task WriteIssuedAsync(HttpContext context, ApiKeyResult<IssuedApiKey> result, string? collection = null)
    {
        if (!result.Succeeded)
        {
            return RejectAsync(context, result.Problem);
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
        // What is told of keys is nobody else's to keep.
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, document, type, context.RequestAborted);
    }

    /// <summary>Leaves the answer to the one writer of refusals.</summary>
    public static Task RejectAsync(HttpContext context, ApiKeyProblem problem) => RejectAsync(context, new ApiKeyError
    {
        StatusCode = problem.Status,
        Code = problem.Code,
        Message = problem.Message,
        Fields = problem.Fields,
        MissingScopes = problem.MissingScopes,
        Challenge = problem.MissingScopes.Count > 0 ? ChallengeHeaders.WithInsufficientScope("Bearer", problem.MissingScopes) : null,
        RetryAfterSeconds = problem.Status == StatusCodes.Status503ServiceUnavailable ? RetryAfterSeconds : null,
    });

    public static Task RejectAsync(HttpContext context, ApiKeyError error)
    {
        ApiKeyRequestFeature.GetOrCreate(context).ReplaceError(error);
        return Task.CompletedTask;
    }

    /// <summary>Says on which nodes a change that was made holds already: on all of them with a bus, else on this one, and on others within seconds.</summary>
    private static void AddChangeReachHeader(HttpContext context, bool isChanged)
    {
        if (isChanged)
        {
            var services = context.RequestServices;
            context.Response.Headers[ChangeReachHeader] = services.GetRequiredService<IApiKeyInvalidator>().HasBackplane ? "nodes=all"
                : string.Create(CultureInfo.InvariantCulture, $"nodes=this, max-age={Math.Ceiling(services.GetRequiredService<ApiKeyCacheOptions>().KnownKeyLifetime.TotalSeconds)}");
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
