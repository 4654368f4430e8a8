using System.Globalization;
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

    private static async Task<IResult> ListAsync(HttpContext context, ApiKeyManager keys, TimeProvider clock)
    {
        var tokens = new List<TokenDocument>();
        await foreach (var key in keys.ListAllAsync(Caller(context), cancellationToken: context.RequestAborted))
        {
            if (!key.Succeeded)
            {
                return key.Error;
            }

            tokens.Add(TokenDocument.Of(key.Value, clock.GetUtcNow()));
        }

        return Results.Ok(new { tokens });
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeyManager keys, TimeProvider clock, NewToken body)
    {
        var isExpiry = ApiKeyExpiry.TryParse(body.ExpiresAt, CultureInfo.InvariantCulture, out var expiry);
        var expiryFault = isExpiry || body.ExpiresAt is null ? null : "must be a day such as 2027-12-31 or a time with an offset";
        if (Problems.FindInvalid(("name", Problems.Required(body.Name)), ("expiresAt", expiryFault)) is { } invalid)
        {
            return invalid;
        }

        var request = new NewApiKey { Name = body.Name!, ExpiresAt = isExpiry ? expiry : null };
        var created = await keys.CreateAsync(Caller(context), request, context.RequestAborted);
        return created.Succeeded
            ? Results.Json(
                TokenDocument.Of(created.Value.Key, clock.GetUtcNow(), created.Value.Secret), statusCode: StatusCodes.Status201Created)
            : created.Error;
    }

    // If a token does not belong to the gateway, none is deleted.
    private static async Task<IResult> DeleteAsync(HttpContext context, ApiKeyManager keys, TokenIds body)
    {
        var ids = body.Ids?.Distinct().ToArray() ?? [];
        if (ids.Length is 0 or > MaxCount || ids.Contains(null))
        {
            return Problems.FindInvalid(("ids", $"must be a list of 1 to {MaxCount} IDs"))!;
        }

        foreach (var id in ids)
        {
            var known = await keys.GetAsync(Caller(context), id!, context.RequestAborted);
            if (known.Error is { } problem)
            {
                return problem.StatusCode == StatusCodes.Status404NotFound ? Problems.NotFound("Token not found") : problem;
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

    // The owner's key cannot call models itself, but it can grant the scope to tokens of the gateway.
    private static ApiKeyCaller Caller(HttpContext context) => Find(context)!;

    private static ApiKeyCaller? Find(HttpContext context) => context.RequestServices.GetRequiredService<Gateways>()
        .LimitToGateway(context.GetApiKeyCaller()!, $"{context.GetRouteValue("gateway")}");

    private static async ValueTask<object?> RequireOwnerAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        invocation.HttpContext.Response.Headers.CacheControl = "no-store";
        return Find(invocation.HttpContext) is null ? Problems.NotFound("Gateway not found") : await next(invocation);
    }

    private sealed record NewToken(string? Name, string? ExpiresAt);

    private sealed record TokenIds(IReadOnlyList<string?>? Ids);
}
