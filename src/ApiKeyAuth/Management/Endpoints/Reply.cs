using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ApiKeyAuth.Errors;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Management;

/// <summary>Answers callers: by the documents, or through the one writer of refusals.</summary>
internal static class Reply
{
    private const long RetryAfterSeconds = 2;
    private const string ReachHeader = "API-Key-Change-Reach";

    /// <summary>Answers with a key and its tag.</summary>
    public static Task KeyAsync(HttpContext context, ApiKeyResult<ApiKey> result) =>
        result.Succeeded ? KeyAsync(context, result.Value, null) : RefuseAsync(context, result.Problem);

    /// <summary>Answers with a changed key.</summary>
    public static Task ChangedAsync(HttpContext context, ApiKeyResult<ApiKey> result)
    {
        TellReach(context, result.Succeeded);
        return KeyAsync(context, result);
    }

    /// <summary>Answers that a key is deleted.</summary>
    public static Task DeletedAsync(HttpContext context, ApiKeyResult<ApiKey> result)
    {
        if (!result.Succeeded)
        {
            return RefuseAsync(context, result.Problem);
        }

        TellReach(context, isChanged: true);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Answers with a key and its new secret, which no cache may keep.</summary>
    public static Task IssuedAsync(HttpContext context, ApiKeyResult<IssuedApiKey> result, bool isNew)
    {
        if (!result.Succeeded)
        {
            return RefuseAsync(context, result.Problem);
        }

        if (isNew)
        {
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.Headers.Location = $"{context.Request.PathBase}{context.Request.Path.Value?.TrimEnd('/')}/{result.Value.Key.Id}";
        }

        TellReach(context, !isNew);
        return KeyAsync(context, result.Value.Key, result.Value.Secret);
    }

    public static Task JsonAsync<T>(HttpContext context, T document, JsonTypeInfo<T> type)
    {
        // What is told of keys is nobody else's to keep.
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, document, type, context.RequestAborted);
    }

    /// <summary>Leaves the answer to the one writer of refusals.</summary>
    public static Task RefuseAsync(HttpContext context, ApiKeyProblem problem) => RefuseAsync(context, new ApiKeyRefusal
    {
        Status = problem.Status,
        Code = problem.Code,
        Message = problem.Message,
        Fields = problem.Fields,
        MissingScopes = problem.MissingScopes,
        Challenge = problem.MissingScopes.Count > 0 ? Challenges.InsufficientScope("Bearer", problem.MissingScopes) : null,
        RetryAfterSeconds = problem.Status == StatusCodes.Status503ServiceUnavailable ? RetryAfterSeconds : null,
    });

    public static Task RefuseAsync(HttpContext context, ApiKeyRefusal refusal)
    {
        RequestNotes.Of(context).Replace(refusal);
        return Task.CompletedTask;
    }

    /// <summary>Says on which nodes a change that was made holds already: on all of them with a bus, else on this one, and on others within seconds.</summary>
    private static void TellReach(HttpContext context, bool isChanged)
    {
        if (isChanged)
        {
            var services = context.RequestServices;
            context.Response.Headers[ReachHeader] = services.GetRequiredService<IApiKeyBus>().IsConnected ? "nodes=all"
                : string.Create(CultureInfo.InvariantCulture, $"nodes=this, max-age={Math.Ceiling(services.GetRequiredService<ApiKeyCacheOptions>().KnownKeyLifetime.TotalSeconds)}");
        }
    }

    private static Task KeyAsync(HttpContext context, ApiKey key, string? secret)
    {
        context.Response.Headers.ETag = IfMatch.Tag(key);
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return JsonAsync(context, KeyDocuments.Of(key, now, secret), ManagementJson.Default.ApiKeyDocument);
    }
}
