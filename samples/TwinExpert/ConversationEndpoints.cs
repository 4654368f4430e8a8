using ApiKeyAuth.Http;
using Samples;

namespace TwinExpert;

/// <summary>Maps the endpoints for conversations and messages. Reading needs <c>read_only</c>, and writing <c>full_access</c>.</summary>
internal static class ConversationEndpoints
{
    private static readonly ApiKeyError NotFound = Problems.NotFound("Conversation not found");

    public static void MapConversations(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/conversations").RequireScope("read_only");
        read.MapGet("/", (HttpContext context, Conversations all) => new { data = all.Of(Account(context)) });
        read.MapGet("/{id}", (HttpContext context, Conversations all, string id) =>
            all.Find(Account(context), id) is { } found ? Results.Ok(new { data = found }) : NotFound);
        read.MapGet("/{id}/messages", (HttpContext context, Conversations all, string id) =>
            all.Find(Account(context), id) is { } found ? Results.Ok(new { data = found.Messages }) : NotFound);

        var write = api.MapGroup("/conversations").RequireScope("full_access");
        write.MapPost("/", Start);
        write.MapPost("/{id}/messages", Send);
    }

    private static IResult Start(HttpContext context, Conversations all, NewConversation body) =>
        Problems.FindInvalid(("twinId", FindFault(body.TwinId))) is { } invalid ? invalid
        : Created(all.Start(Account(context), body.TwinId!));

    private static IResult Send(HttpContext context, Conversations all, string id, NewMessage body) =>
        all.Find(Account(context), id) is not { } conversation ? NotFound
        : Problems.FindInvalid(("content", Problems.Required(body.Content))) is { } invalid ? invalid
        : Created(all.Send(conversation, body.Content!));

    private static string? FindFault(string? twinId) =>
        Problems.Required(twinId)
        ?? (TwinEndpoints.Twins.Any(twin => twin.Id == twinId) ? null : "must be the ID of a twin; list them with GET /api/v1/twins");

    private static IResult Created<T>(T data) => Results.Json(new { data }, statusCode: StatusCodes.Status201Created);

    private static string Account(HttpContext context) => context.GetApiKey()?.TenantId ?? "";

    private sealed record NewConversation(string? TwinId);

    private sealed record NewMessage(string? Content);
}
