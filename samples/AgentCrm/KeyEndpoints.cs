using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Samples;

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

    public static Claim ToClaim(string permission) => new(Permissions, permission);

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
        await foreach (var key in keys.ListAllAsync(context.GetApiKeyCaller()!, cancellationToken: context.RequestAborted))
        {
            if (!key.Succeeded)
            {
                return key.Error;
            }

            all.Add(documents.Of(key.Value));
        }

        return Results.Ok(new { ApiKeys = all });
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeyManager keys, KeyDocuments documents, NewKey body)
    {
        if (Problems.FindInvalid(("name", Problems.Required(body.Name)), ("rate_limit", InRange(body.RateLimit))) is { } invalid)
        {
            return invalid;
        }

        var request = new NewApiKey
        {
            Name = body.Name!,
            Scopes = body.Scopes,
            RateLimits = body.RateLimit is { } permits ? PerMinute(permits) : null,
        };
        var created = await keys.CreateAsync(context.GetApiKeyCaller()!, request, context.RequestAborted);
        if (!created.Succeeded)
        {
            return created.Error;
        }

        var document = new { ApiKey = documents.Of(created.Value), Message = "Save this key now. It will not be shown again." };
        return Results.Json(document, statusCode: StatusCodes.Status201Created);
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
            Scopes = body.Scopes is { } scopes ? scopes : default(Optional<IReadOnlyList<string>?>),
            RateLimits = body.RateLimit is { } permits ? PerMinute(permits) : default(Optional<IReadOnlyList<RateLimit>?>),
        };
        var updated = await keys.UpdateAsync(context.GetApiKeyCaller()!, id, patch, cancellationToken: context.RequestAborted);
        return updated.Succeeded ? Results.Ok(new { ApiKey = documents.Of(updated.Value) }) : updated.Error;
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, ApiKeyManager keys, string id)
    {
        var deleted = await keys.DeleteAsync(context.GetApiKeyCaller()!, id, cancellationToken: context.RequestAborted);
        return deleted.Succeeded ? Results.NoContent() : deleted.Error;
    }

    private static string? InRange(long? rateLimit) => Problems.InRange(rateLimit, 1, RateLimit.MaxPermits);

    private static RateLimit[] PerMinute(long permits) => [new RateLimit(permits, TimeSpan.FromMinutes(1))];

    private sealed record NewKey(string? Name, string[]? Scopes, long? RateLimit);

    /// <summary>Represents a change of a key. Members that are absent do not change.</summary>
    private sealed record KeyChange([DisallowNull] string? Name, [DisallowNull] string[]? Scopes, [DisallowNull] long? RateLimit);
}
