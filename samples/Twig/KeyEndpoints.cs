using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Endpoints;

namespace Twig;

/// <summary>
/// Maps <c>/api/api-keys</c>. An admin key manages the organization's keys: <c>organization</c> keys have all rights, and <c>scoped</c>
/// keys have the scopes that they name. The token of a user manages the user's <c>personal</c> keys.
/// </summary>
internal static class KeyEndpoints
{
    private const string Admin = "admin";
    private const string Organization = "organization";
    private const string Scoped = "scoped";

    private static readonly ApiKeyError NeedsAdmin = new()
    {
        StatusCode = StatusCodes.Status403Forbidden,
        Code = ApiKeyErrorCodes.InsufficientScope,
        Message = "The API key lacks a required scope",
        MissingScopes = [Admin],
    };

    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/api-keys").RequireAuthorization().AddEndpointFilter(PrepareAsync);
        keys.MapPost("/", CreateAsync);
        keys.MapGet("/", ListAsync);
        keys.MapGet("/{id}", async (HttpContext context, ApiKeyManager manager, string id) =>
        {
            var key = await manager.GetAsync(context.GetApiKeyCaller()!, id, context.RequestAborted);
            return key.Succeeded ? Results.Ok(Document(key.Value)) : KeyNotFound;
        });
        keys.MapDelete("/{id}", async (HttpContext context, ApiKeyManager manager, string id) =>
        {
            var revoked = await manager.RevokeAsync(context.GetApiKeyCaller()!, id, cancellationToken: context.RequestAborted);
            return revoked.Succeeded ? Results.NoContent() : revoked.Error;
        });
        keys.MapUsage();
    }

    private static ApiKeyError KeyNotFound =>
        new() { StatusCode = StatusCodes.Status404NotFound, Code = ApiKeyErrorCodes.NotFound, Message = "The API key does not exist" };

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeyManager manager)
    {
        var isUser = context.GetApiKey() is null;
        var body = await BodyReader.ReadAsync(context.Request, body => isUser ? ReadPersonal(body) : ReadOrganization(body));
        if (!body.Succeeded)
        {
            return body.Error;
        }

        var created = await manager.CreateAsync(context.GetApiKeyCaller()!, body.Value, context.RequestAborted);
        return created.Succeeded
            ? Results.Created($"/api/api-keys/{created.Value.Key.Id}", Document(created.Value.Key, created.Value.Secret))
            : created.Error;
    }

    private static async Task<IResult> ListAsync(HttpContext context, ApiKeyManager manager)
    {
        var all = new List<object>();
        for (string? cursor = ""; cursor is not null;)
        {
            var listing = new ApiKeyListRequest { Limit = 1_000, Cursor = cursor.Length == 0 ? null : cursor };
            var page = await manager.ListAsync(context.GetApiKeyCaller()!, listing, context.RequestAborted);
            if (!page.Succeeded)
            {
                return page.Error;
            }

            all.AddRange(page.Value.Keys.Select(key => Document(key)));
            cursor = page.Value.NextCursor;
        }

        return Results.Ok(new { apiKeys = all });
    }

    private static NewApiKey ReadOrganization(BodyReader body)
    {
        var (name, type, scopes) = (body.GetRequiredString("name"), body.GetString("type"), body.GetStrings("scopes"));
        if (type is not (null or Organization or Scoped))
        {
            body.AddProblem("type", "must be organization or scoped; create a personal key with the user's access token");
        }

        if (scopes is null && type != Organization)
        {
            body.AddProblem("scopes", "is missing; only a key of type organization can omit it");
        }

        return new NewApiKey { Name = name, Kind = type ?? Scoped, Scopes = scopes ?? [Admin], ExpiresAt = body.GetExpiry("expiresAt") };
    }

    private static NewApiKey ReadPersonal(BodyReader body)
    {
        var (name, type, scopes) = (body.GetRequiredString("name"), body.GetString("type"), body.GetStrings("scopes"));
        if (type is not (null or ApiKeyKinds.Personal))
        {
            body.AddProblem("type", "must be personal; create other keys with an admin key");
        }

        if (scopes is null)
        {
            body.AddProblem("scopes", "is missing");
        }

        return new NewApiKey { Name = name, Kind = ApiKeyKinds.Personal, Scopes = scopes ?? [], ExpiresAt = body.GetExpiry("expiresAt") };
    }

    /// <summary>Admits users and admin keys, and rejects other keys.</summary>
    private static ValueTask<object?> PrepareAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        context.Response.Headers.CacheControl = "no-store";
        if (context.GetApiKey() is { } key && !key.Scopes.Contains(Admin))
        {
            return new(NeedsAdmin);
        }

        // Without another header, curl -d sends the content type of a form. The bodies here are always JSON.
        if (context.Request.ContentType == "application/x-www-form-urlencoded")
        {
            context.Request.ContentType = "application/json";
        }

        return next(invocation);
    }

    private static object Document(ApiKey key) => new
    {
        key.Id,
        key.Name,
        type = key.Kind,
        scopes = key.Scopes.ToArray(),
        status = $"{key.GetStatus(TimeProvider.System.GetUtcNow())}".ToLowerInvariant(),
        expiresAt = key.ExpiresAt?.ToString(),
        createdAt = Time(key.CreatedAt),
        lastUsedAt = key.LastUsedAt is { } last ? Time(last) : null,
    };

    private static object Document(ApiKey key, string secret) => new
    {
        key.Id,
        key = secret,
        key.Name,
        type = key.Kind,
        scopes = key.Scopes.ToArray(),
        expiresAt = key.ExpiresAt?.ToString(),
        createdAt = Time(key.CreatedAt),
    };

    public static string Time(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}";
}
