using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Endpoints;

namespace AiGateway;

/// <summary>Maps the endpoints that list, create and delete the tokens of a gateway, for a key of the gateway's owner.</summary>
internal static class TokenEndpoints
{
    private const int MaxCount = 1_000;

    public static void MapTokens(this IEndpointRouteBuilder app)
    {
        var tokens = app.MapGroup("/api/gateways/{gateway}/tokens").RequireScope("tokens").AddEndpointFilter(RequireOwnerAsync);
        tokens.MapGet("/", ListAsync);
        tokens.MapPost("/", CreateAsync);
        tokens.MapPost("/delete", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ApiKeyManager keys, TimeProvider clock, string gateway)
    {
        var all = await ReadAsync(context, keys, gateway);
        return all.Succeeded ? Results.Ok(new { tokens = all.Value.Select(key => Document(key, clock)) }) : all.Error;
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeyManager keys, TimeProvider clock, string gateway)
    {
        var name = await BodyReader.ReadAsync(context.Request, body => body.GetRequiredString("name"));
        if (!name.Succeeded)
        {
            return name.Error;
        }

        var request = new NewApiKey { Name = name.Value, Scopes = ["chat"], OwnerId = gateway, Audiences = [gateway] };
        var created = await keys.CreateAsync(Caller(context), request, context.RequestAborted);
        if (!created.Succeeded)
        {
            return created.Error;
        }

        var key = created.Value.Key;
        var document = new { key.Id, key.Name, token = created.Value.Secret, createdAt = Time(key), status = "ACTIVE" };
        return Results.Json(document, statusCode: StatusCodes.Status201Created);
    }

    // If a token does not belong to the gateway, none is deleted.
    private static async Task<IResult> DeleteAsync(HttpContext context, ApiKeyManager keys, string gateway)
    {
        var ids = await BodyReader.ReadAsync(context.Request, ReadIds);
        if (!ids.Succeeded)
        {
            return ids.Error;
        }

        foreach (var id in ids.Value)
        {
            var known = await keys.GetAsync(Caller(context), id, context.RequestAborted);
            if (!known.Succeeded || known.Value.OwnerId != gateway)
            {
                return known.Error is { StatusCode: not StatusCodes.Status404NotFound } problem ? problem : NotFound("Token not found");
            }
        }

        foreach (var id in ids.Value)
        {
            var deleted = await keys.DeleteAsync(Caller(context), id, cancellationToken: context.RequestAborted);
            if (deleted.Error is { StatusCode: not StatusCodes.Status404NotFound } problem)
            {
                return problem;
            }
        }

        return Results.Ok(new { deleted = ids.Value });
    }

    private static async Task<ApiKeyResult<List<ApiKey>>> ReadAsync(HttpContext context, ApiKeyManager keys, string gateway)
    {
        var all = new List<ApiKey>();
        for (string? cursor = ""; cursor is not null;)
        {
            var listing = new ApiKeyListRequest { OwnerId = gateway, Limit = MaxCount, Cursor = cursor.Length == 0 ? null : cursor };
            var page = await keys.ListAsync(Caller(context), listing, context.RequestAborted);
            if (!page.Succeeded)
            {
                return page.Error;
            }

            all.AddRange(page.Value.Keys);
            cursor = page.Value.NextCursor;
        }

        return all;
    }

    private static IReadOnlyList<string> ReadIds(BodyReader body)
    {
        var ids = body.GetStrings("ids") ?? [];
        if (ids.Count is 0 or > MaxCount)
        {
            body.AddProblem("ids", $"must be a list of 1 to {MaxCount} IDs");
        }

        return [.. ids.Distinct()];
    }

    // The owner's key cannot call models itself, but it can grant the scope to tokens.
    private static ApiKeyCaller Caller(HttpContext context) => context.GetApiKeyCaller()!.WithGrantable(ScopeSet.Create(["chat"]));

    private static async ValueTask<object?> RequireOwnerAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        context.Response.Headers.CacheControl = "no-store";
        var owner = context.RequestServices.GetRequiredService<Gateways>().OwnerOf($"{context.GetRouteValue("gateway")}");
        return owner is not null && owner == context.GetApiKey()?.TenantId ? await next(invocation) : NotFound("Gateway not found");
    }

    private static ApiKeyError NotFound(string message) =>
        new() { StatusCode = StatusCodes.Status404NotFound, Code = ApiKeyErrorCodes.NotFound, Message = message };

    private static object Document(ApiKey key, TimeProvider clock)
    {
        var keyStatus = key.GetStatus(clock.GetUtcNow());
        var status = keyStatus == ApiKeyStatus.Disabled ? "INACTIVE" : $"{keyStatus}".ToUpperInvariant();
        return new { key.Id, key.Name, createdAt = Time(key), status };
    }

    private static string Time(ApiKey key) => $"{key.CreatedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}";
}
