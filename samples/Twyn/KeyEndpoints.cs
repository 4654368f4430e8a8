using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Endpoints;

namespace Twyn;

/// <summary>Maps <c>/v1/keys</c>. Each key of a tenant manages the tenant's keys, and grants at most its own rights.</summary>
internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/keys").AddEndpointFilter(SetNoStoreAsync);
        keys.MapPost("/", CreateAsync);
        keys.MapGet("/", ListAsync);
        keys.MapGet("/{id}", async (HttpContext context, ApiKeyManager manager, KeyDocuments documents, string id) =>
            ToResult(await manager.GetAsync(context.GetApiKeyCaller()!, id, context.RequestAborted), documents));
        keys.MapPatch("/{id}", UpdateAsync);
        keys.MapDelete("/{id}", DeleteAsync);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeyManager keys, KeyDocuments documents)
    {
        var body = await BodyReader.ReadAsync(context.Request, ReadNew);
        if (!body.Succeeded)
        {
            return body.Error;
        }

        var created = await keys.CreateAsync(context.GetApiKeyCaller()!, body.Value, context.RequestAborted);
        return created.Succeeded ? Results.Created($"/v1/keys/{created.Value.Key.Id}", documents.Of(created.Value)) : created.Error;
    }

    private static async Task<IResult> ListAsync(HttpContext context, ApiKeyManager keys, KeyDocuments documents)
    {
        var all = new List<ApiKey>();
        for (string? cursor = ""; cursor is not null;)
        {
            var listing = new ApiKeyListRequest { Limit = 1_000, Cursor = cursor.Length == 0 ? null : cursor };
            var page = await keys.ListAsync(context.GetApiKeyCaller()!, listing, context.RequestAborted);
            if (!page.Succeeded)
            {
                return page.Error;
            }

            all.AddRange(page.Value.Keys);
            cursor = page.Value.NextCursor;
        }

        return Results.Ok(new { Keys = all.Select(documents.Of), Total = all.Count });
    }

    private static async Task<IResult> UpdateAsync(HttpContext context, ApiKeyManager keys, KeyDocuments documents, string id)
    {
        var body = await BodyReader.ReadAsync(context.Request, ReadPatch);
        if (!body.Succeeded)
        {
            return body.Error;
        }

        var updated = await keys.UpdateAsync(context.GetApiKeyCaller()!, id, body.Value, cancellationToken: context.RequestAborted);
        return ToResult(updated, documents);
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, ApiKeyManager keys, string id)
    {
        var deleted = await keys.DeleteAsync(context.GetApiKeyCaller()!, id, cancellationToken: context.RequestAborted);
        return deleted.Succeeded ? Results.NoContent() : deleted.Error;
    }

    private static ValueTask<object?> SetNoStoreAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        invocation.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(invocation);
    }

    private static NewApiKey ReadNew(BodyReader body) => new()
    {
        Name = body.GetRequiredString("name"),
        RateLimits = PerHour(body, "rate_limit"),
        ExpiresInDays = (int?)body.GetInt64("expires_in_days", 1, 36_500),
    };

    private static ApiKeyPatch ReadPatch(BodyReader body) => new()
    {
        Name = body.GetOptional("name", body.GetRequiredString),
        Enabled = body.GetOptional("is_active", body.GetRequiredBoolean),
        RateLimits = body.GetOptional("rate_limit", name => PerHour(body, name)),
    };

    private static IReadOnlyList<RateLimit>? PerHour(BodyReader body, string name) =>
        body.GetInt64(name, 1, RateLimit.MaxPermits) is { } permits ? [new RateLimit(permits, TimeSpan.FromHours(1))] : null;

    private static IResult ToResult(ApiKeyResult<ApiKey> key, KeyDocuments documents) =>
        key.Succeeded ? Results.Ok(documents.Of(key.Value)) : key.Error;
}
