using ApiKeyAuth.Authentication;
using ApiKeyAuth.Http;
using ApiKeyAuth.Management.Endpoints;

namespace Twig;

/// <summary>Maps the endpoints for agents and chats. Keys and users' access tokens need the same scopes.</summary>
internal static class AgentEndpoints
{
    private static readonly ApiKeyError AgentNotFound =
        new() { StatusCode = StatusCodes.Status404NotFound, Code = ApiKeyErrorCodes.NotFound, Message = "Agent not found" };

    public static void MapAgents(this IEndpointRouteBuilder api)
    {
        api.MapPost("/chat", ChatAsync).RequireScope("chat");
        api.MapGet("/agents", (HttpContext context, Workspace all) => new { agents = all.Agents(context.Organization()) })
            .RequireScope("agents:read");
        api.MapGet("/agents/{id}", (HttpContext context, Workspace all, string id) =>
            all.FindAgent(context.Organization(), id) is { } agent ? Results.Ok(agent) : AgentNotFound).RequireScope("agents:read");
        api.MapPost("/agents", CreateAsync).RequireScope("agents:write");
        api.MapPut("/agents/{id}", UpdateAsync).RequireScope("agents:write");
        api.MapDelete("/agents/{id}", (HttpContext context, Workspace all, string id) =>
            all.DeleteAgent(context.Organization(), id) ? Results.NoContent() : AgentNotFound).RequireScope("agents:delete");
    }

    /// <summary>Gets the organization of the key or user.</summary>
    public static string Organization(this HttpContext context) => context.User.FindFirst(ApiKeyClaimTypes.TenantId)?.Value ?? "";

    private static async Task<IResult> ChatAsync(HttpContext context, Workspace all)
    {
        var body = await BodyReader.ReadAsync(
            context.Request, body => Tuple.Create(body.GetRequiredString("prompt"), body.GetRequiredString("agentId")));
        if (!body.Succeeded)
        {
            return body.Error;
        }

        if (all.FindAgent(context.Organization(), body.Value.Item2) is not { } agent)
        {
            return AgentNotFound;
        }

        all.CountChat(context.Organization());
        return Results.Ok(new { agentId = agent.Id, response = $"{agent.Name} heard: {body.Value.Item1}" });
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Workspace all)
    {
        var name = await BodyReader.ReadAsync(context.Request, body => body.GetRequiredString("name"));
        if (!name.Succeeded)
        {
            return name.Error;
        }

        var agent = new Agent($"agent-{Guid.NewGuid():N}", name.Value);
        return Results.Json(all.Add(context.Organization(), agent), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> UpdateAsync(HttpContext context, Workspace all, string id)
    {
        if (all.FindAgent(context.Organization(), id) is not { } agent)
        {
            return AgentNotFound;
        }

        var name = await BodyReader.ReadAsync(context.Request, body => body.GetRequiredString("name"));
        return name.Succeeded ? Results.Ok(all.Add(context.Organization(), agent with { Name = name.Value })) : name.Error;
    }
}
