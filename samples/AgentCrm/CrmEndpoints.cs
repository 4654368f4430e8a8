using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Management.Endpoints;
using Microsoft.AspNetCore.Authorization;

namespace AgentCrm;

/// <summary>Maps the agents' API (keys in <c>X-Agent-Token</c>) and the endpoint for lead forms (keys in <c>X-API-Key</c>).</summary>
internal static class CrmEndpoints
{
    private static readonly ApiKeyError LeadNotFound =
        new() { StatusCode = StatusCodes.Status404NotFound, Code = ApiKeyErrorCodes.NotFound, Message = "Lead not found" };

    public static void MapAgent(this IEndpointRouteBuilder app)
    {
        var agent = app.MapGroup("/api/agent").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "Agent" });
        agent.MapGet("/leads", (HttpContext context, Crm crm, string? q) => new { Leads = crm.Search(Company(context), q) })
            .RequireScope("leads:read");
        agent.MapGet("/leads/{id:guid}", (HttpContext context, Crm crm, Guid id) => ToResult(crm.Find(Company(context), id)))
            .RequireScope("leads:read");
        agent.MapPost("/leads", CreateAsync).RequireScope("leads:create");
        agent.MapPatch("/leads/{id:guid}", UpdateAsync).RequireScope("leads:write");
        agent.MapGet("/bookings", (HttpContext context, Crm crm) => new { Bookings = crm.Bookings(Company(context)) })
            .RequireScope("bookings:read");
        agent.MapPost("/leads/{id:guid}/calls", LogCallAsync).RequireScope("calls:write");
        agent.MapPost("/leads/{id:guid}/messages", SendMessageAsync).RequireScope("messages:write");
        agent.MapGet("/analytics", (HttpContext context, Crm crm) => crm.Analytics(Company(context)))
            .RequireScope("analytics:read");
    }

    public static void MapPublicLeads(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/public/leads", CreateAsync)
            .RequireAuthorization(new RequireScopeAttribute("leads:create") { AuthenticationSchemes = "ApiKey" });

    private static async Task<IResult> CreateAsync(HttpContext context, Crm crm)
    {
        var body = await BodyReader.ReadAsync(
            context.Request, body => Tuple.Create(body.GetRequiredString("name"), body.GetRequiredString("phone")));
        return body.Succeeded
            ? Results.Json(crm.Create(Company(context), body.Value.Item1, body.Value.Item2), statusCode: StatusCodes.Status201Created)
            : body.Error;
    }

    private static async Task<IResult> UpdateAsync(HttpContext context, Crm crm, Guid id)
    {
        var body = await BodyReader.ReadAsync(context.Request, body => Tuple.Create(
            body.GetOptional("name", body.GetRequiredString), body.GetOptional("phone", body.GetRequiredString)));
        return body.Succeeded ? ToResult(crm.Update(Company(context), id, body.Value.Item1.Value, body.Value.Item2.Value)) : body.Error;
    }

    private static async Task<IResult> LogCallAsync(HttpContext context, Crm crm, Guid id)
    {
        var note = await BodyReader.ReadAsync(context.Request, body => body.GetRequiredString("note"));
        return note.Succeeded ? ToResult(crm.LogCall(Company(context), id, note.Value), StatusCodes.Status201Created) : note.Error;
    }

    private static async Task<IResult> SendMessageAsync(HttpContext context, Crm crm, Guid id)
    {
        var text = await BodyReader.ReadAsync(context.Request, body => body.GetRequiredString("text"));
        return text.Succeeded ? ToResult(crm.SendMessage(Company(context), id, text.Value), StatusCodes.Status201Created) : text.Error;
    }

    private static IResult ToResult<T>(T? found, int status = StatusCodes.Status200OK)
        where T : class => found is null ? LeadNotFound : Results.Json(found, statusCode: status);

    private static string Company(HttpContext context) => context.GetApiKey()?.TenantId ?? "";
}
