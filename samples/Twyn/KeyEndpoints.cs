using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Endpoints;

namespace Twyn;

/// <summary>All of <c>/v1/keys</c>: any key of a tenant manages that tenant's keys, and none grants more than it holds.</summary>
internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/keys").AddEndpointFilter(NeverStoreAsync);
        keys.MapPost("/", CreateAsync);
        keys.MapGet("/", ListAsync);
        keys.MapGet("/{id}", async (HttpContext context, ApiKeyManager manager, KeyDocuments documents, string id) =>
            Answer(await manager.GetAsync(context.GetApiKeyCaller()!, id, context.RequestAborted), documents));
        keys.MapPatch("/{id}", UpdateAsync);
        keys.MapDelete("/{id}", DeleteAsync);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeyManager keys, KeyDocuments documents)
    {
        var body = await BodyReader.ReadAsync(context.Request, ReadNew);
        if (!body.Succeeded)
        {
            return body.Problem;
        }

        var made = await keys.CreateAsync(context.GetApiKeyCaller()!, body.Value, context.RequestAborted);
        return made.Succeeded ? Results.Created($"/v1/keys/{made.Value.Key.Id}", documents.Of(made.Value)) : made.Problem;
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
                return page.Problem;
            }

            all.AddRange(page.Value.Keys);
            cursor = page.Value.NextCursor;
        }

        return Results.Ok(new { Keys = all.Select(documents.Of), Total = all.Count });
    }

    private static async Task<IResult> UpdateAsync(HttpContext context, ApiKeyManager keys, KeyDocuments documents, string id)
    {
        var body = await BodyReader.ReadAsync(context.Request, ReadPatch);
        return body.Succeeded
            ? Answer(await keys.UpdateAsync(context.GetApiKeyCaller()!, id, body.Value, cancellationToken: context.RequestAborted), documents)
            : body.Problem;
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, ApiKeyManager keys, string id)
    {
        var deleted = await keys.DeleteAsync(context.GetApiKeyCaller()!, id, cancellationToken: context.RequestAborted);
        return deleted.Succeeded ? Results.NoContent() : deleted.Problem;
    }

    private static ValueTask<object?> NeverStoreAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
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

    private static IResult Answer(ApiKeyResult<ApiKey> key, KeyDocuments documents) =>
        key.Succeeded ? Results.Ok(documents.Of(key.Value)) : key.Problem;
}
