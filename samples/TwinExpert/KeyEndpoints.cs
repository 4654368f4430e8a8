using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Samples;

namespace TwinExpert;

/// <summary>Maps the endpoints with which signed-in users create, list and revoke their API keys.</summary>
internal static class KeyEndpoints
{
    public static readonly string[] Scopes = ["read_only", "full_access"];

    // Only tokens have a subject, so a key cannot manage keys.
    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/auth/api-keys").RequireAuthorization(policy => policy.RequireClaim("sub"));
        keys.MapPost("/", CreateAsync);
        keys.MapGet("/", ListAsync);
        keys.MapDelete("/{id}", RevokeAsync);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeyManager keys, NewKey body)
    {
        if (Problems.FindInvalid(
            ("name", Problems.Required(body.Name)),
            ("scope", Scopes.Contains(body.Scope) ? null : $"must be one of {string.Join(", ", Scopes)}")) is { } invalid)
        {
            return invalid;
        }

        var request = new NewApiKey { Name = body.Name!, Scopes = [body.Scope!], Environment = "live" };
        var created = await keys.CreateAsync(context.GetApiKeyCaller()!, request, context.RequestAborted);
        if (!created.Succeeded)
        {
            return created.Error;
        }

        context.Response.Headers.CacheControl = "no-store";
        var (key, secret) = (created.Value.Key, created.Value.Secret);
        var data = new { key.Id, key.Name, body.Scope, key = secret, createdAt = key.CreatedAt.ToUtcSeconds() };
        return Results.Json(new { data }, statusCode: StatusCodes.Status201Created);
    }

    // Each user is a tenant, and a caller sees the keys of its tenant only.
    private static async Task<IResult> ListAsync(HttpContext context, ApiKeyManager keys, TimeProvider clock)
    {
        var data = new List<object>();
        await foreach (var result in keys.ListAllAsync(context.GetApiKeyCaller()!, cancellationToken: context.RequestAborted))
        {
            if (!result.Succeeded)
            {
                return result.Error;
            }

            data.Add(Describe(result.Value, clock.GetUtcNow()));
        }

        context.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new { data });
    }

    private static object Describe(ApiKey key, DateTimeOffset now) => new
    {
        key.Id,
        key.Name,
        Scope = key.Scopes.FirstOrDefault(),
        Status = key.GetStatus(now) == ApiKeyStatus.Active ? "active" : "revoked",
        Hint = key.Secrets is [var current, ..] ? current.Hint : "",
        createdAt = key.CreatedAt.ToUtcSeconds(),
        lastUsedAt = key.LastUsedAt?.ToUtcSeconds(),
    };

    private static async Task<IResult> RevokeAsync(HttpContext context, ApiKeyManager keys, string id)
    {
        var revoked = await keys.RevokeAsync(context.GetApiKeyCaller()!, id, cancellationToken: context.RequestAborted);
        return revoked.Succeeded ? Results.NoContent() : revoked.Error;
    }

    private sealed record NewKey(string? Name, string? Scope);
}
