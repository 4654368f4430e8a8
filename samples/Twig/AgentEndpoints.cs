using ApiKeyAuth.Authentication;
using ApiKeyAuth.Http;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Endpoints;

namespace Twig;

/// <summary>Agents, and the chat with one: by keys and by users' access tokens, which meet the same scopes.</summary>
internal static class AgentEndpoints
{
    private static readonly ApiKeyProblem NoAgent =
        new() { Status = StatusCodes.Status404NotFound, Code = ApiKeyErrorCodes.NotFound, Message = "There is no such agent" };

    public static void MapAgents(this IEndpointRouteBuilder api)
    {
        api.MapPost("/chat", ChatAsync).RequireScope("chat");
        api.MapGet("/agents", (HttpContext context, Workspace all) => new { agents = all.Agents(context.Organization()) }).RequireScope("agents:read");
        api.MapGet("/agents/{id}", (HttpContext context, Workspace all, string id) => Answer(all.FindAgent(context.Organization(), id))).RequireScope("agents:read");
        api.MapPost("/agents", CreateAsync).RequireScope("agents:write");
        api.MapPut("/agents/{id}", UpdateAsync).RequireScope("agents:write");
        api.MapDelete("/agents/{id}", (HttpContext context, Workspace all, string id) =>
            all.DeleteAgent(context.Organization(), id) ? Results.NoContent() : NoAgent).RequireScope("agents:delete");
    }

    /// <summary>The organization of a key or a user.</summary>
    public static string Organization(this HttpContext context) => context.User.FindFirst(ApiKeyClaimTypes.TenantId)?.Value ?? "";

    private static async Task<IResult> ChatAsync(HttpContext context, Workspace all)
    {
        var body = await BodyReader.ReadAsync(context.Request, body => Tuple.Create(body.GetRequiredString("prompt"), body.GetRequiredString("agentId")));
        if (!body.Succeeded)
        {
            return body.Problem;
        }

        if (all.FindAgent(context.Organization(), body.Value.Item2) is not { } agent)
        {
            return NoAgent;
        }

        all.CountChat(context.Organization());
        return Results.Ok(new { agentId = agent.Id, response = $"{agent.Name} heard: {body.Value.Item1}" });
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Workspace all)
    {
        var name = await BodyReader.ReadAsync(context.Request, body => body.GetRequiredString("name"));
        return name.Succeeded
            ? Results.Json(all.Add(context.Organization(), new Agent($"agent-{Guid.NewGuid():N}", name.Value)), statusCode: StatusCodes.Status201Created)
            : name.Problem;
    }

    private static async Task<IResult> UpdateAsync(HttpContext context, Workspace all, string id)
    {
        if (all.FindAgent(context.Organization(), id) is not { } agent)
        {
            return NoAgent;
        }

        var name = await BodyReader.ReadAsync(context.Request, body => body.GetRequiredString("name"));
        return name.Succeeded ? Results.Ok(all.Add(context.Organization(), agent with { Name = name.Value })) : name.Problem;
    }

    private static IResult Answer(Agent? agent) => agent is null ? NoAgent : Results.Ok(agent);
}
