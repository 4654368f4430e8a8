using System.Globalization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Samples;

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
        var keys = api.MapGroup("/api-keys").RequireAuthorization().AddEndpointFilter(AdmitAsync);
        keys.MapPost("/", CreateAsync);
        keys.MapGet("/", ListAsync);
        keys.MapGet("/{id}", async (HttpContext context, ApiKeyManager manager, TimeProvider clock, string id) =>
        {
            var key = await manager.GetAsync(context.GetApiKeyCaller()!, id, context.RequestAborted);
            return key.Succeeded ? Results.Ok(KeyDocument.Of(key.Value, clock.GetUtcNow())) : key.Error;
        });
        keys.MapDelete("/{id}", async (HttpContext context, ApiKeyManager manager, string id) =>
        {
            var revoked = await manager.RevokeAsync(context.GetApiKeyCaller()!, id, cancellationToken: context.RequestAborted);
            return revoked.Succeeded ? Results.NoContent() : revoked.Error;
        });
        keys.MapUsage();
    }

    /// <summary>Reads the bodies as JSON if they have the content type of a form, which <c>curl -d</c> sends by default.</summary>
    public static Task ReadFormsAsJsonAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (request.ContentType == "application/x-www-form-urlencoded" && request.Path.StartsWithSegments("/api/api-keys"))
        {
            request.ContentType = "application/json";
        }

        return next(context);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeyManager manager, TimeProvider clock, NewKey body)
    {
        var isUser = context.GetApiKey() is null;
        var isExpiry = ApiKeyExpiry.TryParse(body.ExpiresAt, CultureInfo.InvariantCulture, out var expiry);
        var expiryFault = isExpiry || body.ExpiresAt is null
            ? null
            : "must be a date (2027-12-31) or a time with its offset (2027-12-31T10:00:00Z)";
        if (Problems.FindInvalid(
            ("name", Problems.Required(body.Name)),
            ("type", isUser ? FindPersonalFault(body.Type) : FindFault(body.Type)),
            ("scopes", FindScopesFault(body, isUser)),
            ("expiresAt", expiryFault)) is { } invalid)
        {
            return invalid;
        }

        var created = await manager.CreateAsync(
            context.GetApiKeyCaller()!,
            new NewApiKey
            {
                Name = body.Name!,
                Kind = body.Type ?? (isUser ? ApiKeyKinds.Personal : Scoped),
                Scopes = body.Scopes ?? [Admin],
                ExpiresAt = isExpiry ? expiry : null,
            },
            context.RequestAborted);
        return created.Succeeded
            ? Results.Created(
                $"/api/api-keys/{created.Value.Key.Id}", KeyDocument.Of(created.Value.Key, clock.GetUtcNow(), created.Value.Secret))
            : created.Error;
    }

    private static async Task<IResult> ListAsync(HttpContext context, ApiKeyManager manager, TimeProvider clock)
    {
        var apiKeys = new List<KeyDocument>();
        await foreach (var key in manager.ListAllAsync(context.GetApiKeyCaller()!, cancellationToken: context.RequestAborted))
        {
            if (!key.Succeeded)
            {
                return key.Error;
            }

            apiKeys.Add(KeyDocument.Of(key.Value, clock.GetUtcNow()));
        }

        return Results.Ok(new { apiKeys });
    }

    private static string? FindFault(string? type) => type is null or Organization or Scoped
        ? null
        : "must be organization or scoped; create a personal key with the user's access token";

    private static string? FindPersonalFault(string? type) =>
        type is null or ApiKeyKinds.Personal ? null : "must be personal; create other keys with an admin key";

    private static string? FindScopesFault(NewKey body, bool isUser) => body.Scopes is not null ? null
        : isUser ? "is missing"
        : body.Type == Organization ? null
        : "is missing; only a key of type organization can omit it";

    /// <summary>Admits users and admin keys, and rejects other keys.</summary>
    private static ValueTask<object?> AdmitAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        invocation.HttpContext.Response.Headers.CacheControl = "no-store";
        return invocation.HttpContext.GetApiKey() is { } key && !key.Scopes.Contains(Admin) ? new(NeedsAdmin) : next(invocation);
    }

    private sealed record NewKey(string? Name, string? Type, string[]? Scopes, string? ExpiresAt);
}
