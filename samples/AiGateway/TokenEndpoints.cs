using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Samples;

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
        var tokens = new List<TokenDocument>();
        var request = new ApiKeyListRequest { OwnerId = gateway };
        await foreach (var key in keys.ListAllAsync(Caller(context), request, context.RequestAborted))
        {
            if (!key.Succeeded)
            {
                return key.Error;
            }

            tokens.Add(TokenDocument.Of(key.Value, clock.GetUtcNow()));
        }

        return Results.Ok(new { tokens });
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, ApiKeyManager keys, TimeProvider clock, string gateway, NewToken body)
    {
        if (Problems.FindInvalid(("name", Problems.Required(body.Name))) is { } invalid)
        {
            return invalid;
        }

        var request = new NewApiKey { Name = body.Name!, Scopes = ["chat"], OwnerId = gateway, Audiences = [gateway] };
        var created = await keys.CreateAsync(Caller(context), request, context.RequestAborted);
        return created.Succeeded
            ? Results.Json(
                TokenDocument.Of(created.Value.Key, clock.GetUtcNow(), created.Value.Secret), statusCode: StatusCodes.Status201Created)
            : created.Error;
    }

    // If a token does not belong to the gateway, none is deleted.
    private static async Task<IResult> DeleteAsync(HttpContext context, ApiKeyManager keys, string gateway, TokenIds body)
    {
        var ids = body.Ids?.Distinct().ToArray() ?? [];
        if (ids.Length is 0 or > MaxCount || ids.Contains(null))
        {
            return Problems.FindInvalid(("ids", $"must be a list of 1 to {MaxCount} IDs"))!;
        }

        foreach (var id in ids)
        {
            var known = await keys.GetAsync(Caller(context), id!, context.RequestAborted);
            if (!known.Succeeded || known.Value.OwnerId != gateway)
            {
                return known.Error is { StatusCode: not StatusCodes.Status404NotFound } problem
                    ? problem
                    : Problems.NotFound("Token not found");
            }
        }

        foreach (var id in ids)
        {
            var deleted = await keys.DeleteAsync(Caller(context), id!, cancellationToken: context.RequestAborted);
            if (deleted.Error is { StatusCode: not StatusCodes.Status404NotFound } problem)
            {
                return problem;
            }
        }

        return Results.Ok(new { deleted = ids });
    }

    // The owner's key cannot call models itself, but it can grant the scope to tokens.
    private static ApiKeyCaller Caller(HttpContext context) => context.GetApiKeyCaller()!.WithGrantable(ScopeSet.Create(["chat"]));

    private static async ValueTask<object?> RequireOwnerAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        context.Response.Headers.CacheControl = "no-store";
        var owner = context.RequestServices.GetRequiredService<Gateways>().OwnerOf($"{context.GetRouteValue("gateway")}");
        return owner is not null && owner == context.GetApiKey()?.TenantId
            ? await next(invocation)
            : Problems.NotFound("Gateway not found");
    }

    private sealed record NewToken(string? Name);

    private sealed record TokenIds(IReadOnlyList<string?>? Ids);
}
