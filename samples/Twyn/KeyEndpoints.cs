using System.Diagnostics.CodeAnalysis;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Samples;

namespace Twyn;

/// <summary>Maps <c>/v1/keys</c>. Each key of a tenant manages the tenant's keys, and grants at most its own rights.</summary>
internal static class KeyEndpoints
{
    private const int DefaultGraceMinutes = 60;
    private const int MaxGraceMinutes = 30 * 24 * 60;

    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/keys").AddEndpointFilter(SetNoStoreAsync);
        keys.MapPost("/", CreateAsync);
        keys.MapGet("/", ListAsync);
        keys.MapGet("/{id}", async (HttpContext context, ApiKeyManager manager, KeyDocuments documents, string id) =>
            ToResult(await manager.GetAsync(context.GetApiKeyCaller()!, id, context.RequestAborted), documents));
        keys.MapPatch("/{id}", UpdateAsync);
        keys.MapPost("/{id}/rotate", RotateAsync);
        keys.MapDelete("/{id}", DeleteAsync);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeyManager keys, KeyDocuments documents, NewKey body)
    {
        if (Problems.FindInvalid(
            ("name", Problems.Required(body.Name)),
            ("rate_limit", InRange(body.RateLimit)),
            ("expires_in_days", Problems.InRange(body.ExpiresInDays, 1, 36_500))) is { } invalid)
        {
            return invalid;
        }

        var request = new NewApiKey
        {
            Name = body.Name!,
            RateLimits = body.RateLimit is { } permits ? PerHour(permits) : null,
            ExpiresInDays = (int?)body.ExpiresInDays,
        };
        var created = await keys.CreateAsync(context.GetApiKeyCaller()!, request, context.RequestAborted);
        return created.Succeeded ? Results.Created($"/v1/keys/{created.Value.Key.Id}", documents.Of(created.Value)) : created.Error;
    }

    private static async Task<IResult> ListAsync(HttpContext context, ApiKeyManager keys, KeyDocuments documents)
    {
        var all = new List<object>();
        await foreach (var key in keys.ListAllAsync(context.GetApiKeyCaller()!, cancellationToken: context.RequestAborted))
        {
            if (!key.Succeeded)
            {
                return key.Error;
            }

            all.Add(documents.Of(key.Value));
        }

        return Results.Ok(new { Keys = all, Total = all.Count });
    }

    private static async Task<IResult> UpdateAsync(
        HttpContext context, ApiKeyManager keys, KeyDocuments documents, string id, KeyChange body)
    {
        if (Problems.FindInvalid(("name", Problems.NotBlank(body.Name)), ("rate_limit", InRange(body.RateLimit))) is { } invalid)
        {
            return invalid;
        }

        var patch = new ApiKeyPatch
        {
            Name = body.Name is { } name ? name : default(Optional<string>),
            Enabled = body.IsActive is { } active ? active : default(Optional<bool>),
            RateLimits = body.RateLimit is { } permits ? PerHour(permits) : default(Optional<IReadOnlyList<RateLimit>?>),
        };
        var updated = await keys.UpdateAsync(context.GetApiKeyCaller()!, id, patch, cancellationToken: context.RequestAborted);
        return ToResult(updated, documents);
    }

    /// <summary>Issues a new secret. The old one stays valid for a while, so that clients can be changed one after the other.</summary>
    private static async Task<IResult> RotateAsync(
        HttpContext context, ApiKeyManager keys, KeyDocuments documents, string id, KeyRotation body)
    {
        if (Problems.FindInvalid(("grace_minutes", Problems.InRange(body.GraceMinutes, 0, MaxGraceMinutes))) is { } invalid)
        {
            return invalid;
        }

        var rotation = new ApiKeyRotation { Grace = TimeSpan.FromMinutes(body.GraceMinutes ?? DefaultGraceMinutes) };
        var rotated = await keys.RotateAsync(context.GetApiKeyCaller()!, id, rotation, cancellationToken: context.RequestAborted);
        return rotated.Succeeded ? Results.Ok(documents.Of(rotated.Value)) : rotated.Error;
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

    private static string? InRange(long? rateLimit) => Problems.InRange(rateLimit, 1, RateLimit.MaxPermits);

    private static RateLimit[] PerHour(long permits) => [new RateLimit(permits, TimeSpan.FromHours(1))];

    private static IResult ToResult(ApiKeyResult<ApiKey> key, KeyDocuments documents) =>
        key.Succeeded ? Results.Ok(documents.Of(key.Value)) : key.Error;

    private sealed record KeyRotation(long? GraceMinutes);

    private sealed record NewKey(string? Name, long? RateLimit, long? ExpiresInDays);

    /// <summary>Represents a change of a key. Members that are absent do not change.</summary>
    private sealed record KeyChange([DisallowNull] string? Name, [DisallowNull] bool? IsActive, [DisallowNull] long? RateLimit);
}
