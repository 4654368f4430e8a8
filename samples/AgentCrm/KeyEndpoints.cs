using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Endpoints;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace AgentCrm;

/// <summary>
/// Maps the endpoints for the company's keys. A token with the permission <c>settings:r</c> lists them, and one with <c>settings:w</c>
/// creates, updates and deletes them.
/// </summary>
internal static class KeyEndpoints
{
    public const string Permissions = "permissions";
    public const string Read = "settings:r";
    public const string Write = "settings:w";

    public static void MapKeys(this IEndpointRouteBuilder app)
    {
        Group(app, Read).MapGet("/", ListAsync);
        var write = Group(app, Write);
        write.MapPost("/", CreateAsync);
        write.MapPatch("/{id}", UpdateAsync);
        write.MapDelete("/{id}", DeleteAsync);
    }

    private static RouteGroupBuilder Group(IEndpointRouteBuilder app, string permission) =>
        app.MapGroup("/api/settings/api-keys")
            .RequireAuthorization(policy =>
                policy.AddAuthenticationSchemes(JwtBearerDefaults.AuthenticationScheme).RequireClaim(Permissions, permission))
            .AddEndpointFilter((invocation, next) =>
            {
                invocation.HttpContext.Response.Headers.CacheControl = "no-store";
                return next(invocation);
            });

    private static async Task<IResult> ListAsync(HttpContext context, ApiKeyManager keys, KeyDocuments documents)
    {
        var all = new List<object>();
        for (string? cursor = ""; cursor is not null;)
        {
            var listing = new ApiKeyListRequest { Limit = 1_000, Cursor = cursor.Length == 0 ? null : cursor };
            var page = await keys.ListAsync(context.GetApiKeyCaller()!, listing, context.RequestAborted);
            if (!page.Succeeded)
            {
                return page.Error;
            }

            all.AddRange(page.Value.Keys.Select(documents.Of));
            cursor = page.Value.NextCursor;
        }

        return Results.Ok(new { ApiKeys = all });
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeyManager keys, KeyDocuments documents)
    {
        var body = await BodyReader.ReadAsync(context.Request, body => new NewApiKey
        {
            Name = body.GetRequiredString("name"),
            Scopes = body.GetStrings("scopes"),
            RateLimits = PerMinute(body, "rate_limit"),
        });
        if (!body.Succeeded)
        {
            return body.Error;
        }

        var created = await keys.CreateAsync(context.GetApiKeyCaller()!, body.Value, context.RequestAborted);
        if (!created.Succeeded)
        {
            return created.Error;
        }

        var document = new { ApiKey = documents.Of(created.Value), Message = "Save this key now. It will not be shown again." };
        return Results.Json(document, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> UpdateAsync(HttpContext context, ApiKeyManager keys, KeyDocuments documents, string id)
    {
        var body = await BodyReader.ReadAsync(context.Request, body => new ApiKeyPatch
        {
            Name = body.GetOptional("name", body.GetRequiredString),
            Scopes = body.GetOptional("scopes", body.GetStrings),
            RateLimits = body.GetOptional("rate_limit", name => PerMinute(body, name)),
        });
        if (!body.Succeeded)
        {
            return body.Error;
        }

        var updated = await keys.UpdateAsync(context.GetApiKeyCaller()!, id, body.Value, cancellationToken: context.RequestAborted);
        return updated.Succeeded ? Results.Ok(new { ApiKey = documents.Of(updated.Value) }) : updated.Error;
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, ApiKeyManager keys, string id)
    {
        var deleted = await keys.DeleteAsync(context.GetApiKeyCaller()!, id, cancellationToken: context.RequestAborted);
        return deleted.Succeeded ? Results.NoContent() : deleted.Error;
    }

    private static IReadOnlyList<RateLimit>? PerMinute(BodyReader body, string name) =>
        body.GetInt64(name, 1, RateLimit.MaxPermits) is { } permits ? [new RateLimit(permits, TimeSpan.FromMinutes(1))] : null;
}
