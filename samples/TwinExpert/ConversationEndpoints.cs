using ApiKeyAuth.Http;
using ApiKeyAuth.Management.Endpoints;

namespace TwinExpert;

/// <summary>Maps the endpoints for conversations and messages. Reading needs <c>read_only</c>, and writing <c>full_access</c>.</summary>
internal static class ConversationEndpoints
{
    private static readonly ApiKeyError NotFound =
        new() { StatusCode = StatusCodes.Status404NotFound, Code = ApiKeyErrorCodes.NotFound, Message = "Conversation not found" };

    public static void MapConversations(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/conversations").RequireScope("read_only");
        read.MapGet("/", (HttpContext context, Conversations all) => new { data = all.Of(Account(context)) });
        read.MapGet("/{id}", (HttpContext context, Conversations all, string id) =>
            all.Find(Account(context), id) is { } found ? Results.Ok(new { data = found }) : NotFound);
        read.MapGet("/{id}/messages", (HttpContext context, Conversations all, string id) =>
            all.Find(Account(context), id) is { } found ? Results.Ok(new { data = found.Messages }) : NotFound);

        var write = api.MapGroup("/conversations").RequireScope("full_access");
        write.MapPost("/", StartAsync);
        write.MapPost("/{id}/messages", SendAsync);
    }

    private static async Task<IResult> StartAsync(HttpContext context, Conversations all)
    {
        var body = await BodyReader.ReadAsync(context.Request, ReadTwin);
        return body.Succeeded ? Created(all.Start(Account(context), body.Value)) : body.Error;
    }

    private static async Task<IResult> SendAsync(HttpContext context, Conversations all, string id)
    {
        if (all.Find(Account(context), id) is not { } conversation)
        {
            return NotFound;
        }

        var body = await BodyReader.ReadAsync(context.Request, static body => body.GetRequiredString("content"));
        return body.Succeeded ? Created(all.Send(conversation, body.Value)) : body.Error;
    }

    private static string ReadTwin(BodyReader body)
    {
        var twin = body.GetRequiredString("twinId");
        if (TwinEndpoints.Twins.All(known => known.Id != twin))
        {
            body.AddProblem("twinId", "must be the ID of a twin; list them with GET /api/v1/twins");
        }

        return twin;
    }

    private static IResult Created<T>(T data) => Results.Json(new { data }, statusCode: StatusCodes.Status201Created);

    private static string Account(HttpContext context) => context.GetApiKey()?.TenantId ?? "";
}
