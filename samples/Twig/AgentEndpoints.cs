using ApiKeyAuth.Authentication;
using ApiKeyAuth.Http;
using Samples;

namespace Twig;

/// <summary>Maps the endpoints for agents and chats. Keys and users' access tokens need the same scopes.</summary>
internal static class AgentEndpoints
{
    private static readonly ApiKeyError AgentNotFound = Problems.NotFound("Agent not found");

    public static void MapAgents(this IEndpointRouteBuilder api)
    {
        api.MapPost("/chat", Chat).RequireScope("chat");
        api.MapGet("/agents", (HttpContext context, Workspace all) => new { agents = all.Agents(context.Organization()) })
            .RequireScope("agents:read");
        api.MapGet("/agents/{id}", (HttpContext context, Workspace all, string id) =>
            all.FindAgent(context.Organization(), id) is { } agent ? Results.Ok(agent) : AgentNotFound).RequireScope("agents:read");
        api.MapPost("/agents", Create).RequireScope("agents:write");
        api.MapPut("/agents/{id}", Update).RequireScope("agents:write");
        api.MapDelete("/agents/{id}", (HttpContext context, Workspace all, string id) =>
            all.DeleteAgent(context.Organization(), id) ? Results.NoContent() : AgentNotFound).RequireScope("agents:delete");
    }

    /// <summary>Gets the organization of the key or user.</summary>
    public static string Organization(this HttpContext context) => context.User.FindFirst(ApiKeyClaimTypes.TenantId)?.Value ?? "";

    private static IResult Chat(HttpContext context, Workspace all, ChatBody body)
    {
        if (Problems.FindInvalid(("prompt", Problems.Required(body.Prompt)), ("agentId", Problems.Required(body.AgentId))) is { } invalid)
        {
            return invalid;
        }

        if (all.FindAgent(context.Organization(), body.AgentId!) is not { } agent)
        {
            return AgentNotFound;
        }

        all.CountChat(context.Organization());
        return Results.Ok(new { agentId = agent.Id, response = $"{agent.Name} heard: {body.Prompt}" });
    }

    private static IResult Create(HttpContext context, Workspace all, AgentBody body) =>
        Problems.FindInvalid(("name", Problems.Required(body.Name))) is { } invalid ? invalid
        : Results.Json(
            all.Add(context.Organization(), new Agent($"agent-{Guid.NewGuid():N}", body.Name!)), statusCode: StatusCodes.Status201Created);

    private static IResult Update(HttpContext context, Workspace all, string id, AgentBody body) =>
        all.FindAgent(context.Organization(), id) is not { } agent ? AgentNotFound
        : Problems.FindInvalid(("name", Problems.Required(body.Name))) is { } invalid ? invalid
        : Results.Ok(all.Add(context.Organization(), agent with { Name = body.Name! }));

    private sealed record ChatBody(string? Prompt, string? AgentId);

    private sealed record AgentBody(string? Name);
}
