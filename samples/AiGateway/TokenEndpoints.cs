using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Endpoints;

namespace AiGateway;

/// <summary>Lists, makes and deletes the tokens of one gateway, for a key of the user it belongs to.</summary>
internal static class TokenEndpoints
{
    private const int Most = 1_000;

    public static void MapTokens(this IEndpointRouteBuilder app)
    {
        var tokens = app.MapGroup("/api/gateways/{gateway}/tokens").RequireScope("tokens").AddEndpointFilter(OfTheCallerAsync);
        tokens.MapGet("/", ListAsync);
        tokens.MapPost("/", CreateAsync);
        tokens.MapPost("/delete", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ApiKeyManager keys, TimeProvider clock, string gateway)
    {
        var all = await ReadAsync(context, keys, gateway);
        return all.Succeeded ? Results.Ok(new { tokens = all.Value.Select(key => Document(key, clock)) }) : all.Problem;
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeyManager keys, TimeProvider clock, string gateway)
    {
        var name = await BodyReader.ReadAsync(context.Request, body => body.GetRequiredString("name"));
        if (!name.Succeeded)
        {
            return name.Problem;
        }

        var request = new NewApiKey { Name = name.Value, Scopes = ["chat"], OwnerId = gateway, Audiences = [gateway] };
        var made = await keys.CreateAsync(Caller(context), request, context.RequestAborted);
        return made.Succeeded
            ? Results.Json(new { made.Value.Key.Id, made.Value.Key.Name, token = made.Value.Secret, createdAt = Time(made.Value.Key), status = "ACTIVE" }, statusCode: 201)
            : made.Problem;
    }

    // All of them or none: one that is not of this gateway stops it before any is deleted.
    private static async Task<IResult> DeleteAsync(HttpContext context, ApiKeyManager keys, string gateway)
    {
        var ids = await BodyReader.ReadAsync(context.Request, ReadIds);
        if (!ids.Succeeded)
        {
            return ids.Problem;
        }

        foreach (var id in ids.Value)
        {
            var known = await keys.GetAsync(Caller(context), id, context.RequestAborted);
            if (!known.Succeeded || known.Value.OwnerId != gateway)
            {
                return known.Problem is { Status: not StatusCodes.Status404NotFound } problem ? problem : NotFound("There is no such token");
            }
        }

        foreach (var id in ids.Value)
        {
            var deleted = await keys.DeleteAsync(Caller(context), id, cancellationToken: context.RequestAborted);
            if (deleted.Problem is { Status: not StatusCodes.Status404NotFound } problem)
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
            var listing = new ApiKeyListRequest { OwnerId = gateway, Limit = Most, Cursor = cursor.Length == 0 ? null : cursor };
            var page = await keys.ListAsync(Caller(context), listing, context.RequestAborted);
            if (!page.Succeeded)
            {
                return page.Problem;
            }

            all.AddRange(page.Value.Keys);
            cursor = page.Value.NextCursor;
        }

        return all;
    }

    private static IReadOnlyList<string> ReadIds(BodyReader body)
    {
        var ids = body.GetStrings("ids") ?? [];
        if (ids.Count is 0 or > Most)
        {
            body.AddProblem("ids", $"is no list of 1 to {Most} ids");
        }

        return [.. ids.Distinct()];
    }

    // The key may not call models itself; what it may pass on is the app's to say.
    private static ApiKeyCaller Caller(HttpContext context) => context.GetApiKeyCaller()!.WithGrantable(ScopeSet.Create(["chat"]));

    private static async ValueTask<object?> OfTheCallerAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        context.Response.Headers.CacheControl = "no-store";
        var owner = context.RequestServices.GetRequiredService<Gateways>().OwnerOf($"{context.GetRouteValue("gateway")}");
        return owner is not null && owner == context.GetApiKey()?.TenantId ? await next(invocation) : NotFound("There is no such gateway");
    }

    private static ApiKeyProblem NotFound(string message) => new() { Status = StatusCodes.Status404NotFound, Code = ApiKeyErrorCodes.NotFound, Message = message };

    private static object Document(ApiKey key, TimeProvider clock)
    {
        var status = key.GetStatus(clock.GetUtcNow());
        return new { key.Id, key.Name, createdAt = Time(key), status = status == ApiKeyStatus.Disabled ? "INACTIVE" : $"{status}".ToUpperInvariant() };
    }

    private static string Time(ApiKey key) => $"{key.CreatedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}";
}
