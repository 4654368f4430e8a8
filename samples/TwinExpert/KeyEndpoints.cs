using ApiKeyAuth.Management;
using Samples;

namespace TwinExpert;

/// <summary>Maps the endpoint with which signed-in users create API keys.</summary>
internal static class KeyEndpoints
{
    public static readonly string[] Scopes = ["read_only", "full_access"];

    // Only tokens have a subject, so a key cannot create keys.
    public static void MapKeys(this IEndpointRouteBuilder api) =>
        api.MapPost("/auth/api-keys", CreateAsync).RequireAuthorization(policy => policy.RequireClaim("sub"));

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

    private sealed record NewKey(string? Name, string? Scope);
}
