using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Endpoints;

namespace TwinExpert;

/// <summary>Maps the endpoint with which signed-in users create API keys.</summary>
internal static class KeyEndpoints
{
    public static readonly string[] Scopes = ["read_only", "full_access"];

    // Only tokens have a subject, so a key cannot create keys.
    public static void MapKeys(this IEndpointRouteBuilder api) =>
        api.MapPost("/auth/api-keys", CreateAsync).RequireAuthorization(policy => policy.RequireClaim("sub"));

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeyManager keys)
    {
        var body = await BodyReader.ReadAsync(context.Request, Read);
        if (!body.Succeeded)
        {
            return body.Error;
        }

        var created = await keys.CreateAsync(context.GetApiKeyCaller()!, body.Value, context.RequestAborted);
        if (!created.Succeeded)
        {
            return created.Error;
        }

        context.Response.Headers.CacheControl = "no-store";
        var key = created.Value.Key;
        var data = new
        {
            key.Id,
            key.Name,
            scope = key.Scopes.First(),
            key = created.Value.Secret,
            createdAt = $"{key.CreatedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}",
        };
        return Results.Json(new { data }, statusCode: StatusCodes.Status201Created);
    }

    private static NewApiKey Read(BodyReader body)
    {
        var (name, scope) = (body.GetRequiredString("name"), body.GetRequiredString("scope"));
        if (!Scopes.Contains(scope))
        {
            body.AddProblem("scope", $"must be one of {string.Join(", ", Scopes)}");
        }

        return new NewApiKey { Name = name, Scopes = [scope], Environment = "live" };
    }
}
