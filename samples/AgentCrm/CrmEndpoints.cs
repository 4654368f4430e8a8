using System.Diagnostics.CodeAnalysis;
using ApiKeyAuth.Authorization;
using Microsoft.AspNetCore.Authorization;

namespace AgentCrm;

/// <summary>Maps the agents' API (keys in <c>X-Agent-Token</c>) and the endpoint for lead forms (keys in <c>X-API-Key</c>).</summary>
internal static class CrmEndpoints
{
    public static void MapAgent(this IEndpointRouteBuilder app)
    {
        var agent = app.MapGroup("/api/agent").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "Agent" });
        agent.MapGet("/leads", (HttpContext context, Crm crm, string? q) => new { Leads = crm.Search(Company(context), q) })
            .RequireScope("leads:read");
        agent.MapGet("/leads/{id:guid}", (HttpContext context, Crm crm, Guid id) => ToResult(crm.Find(Company(context), id)))
            .RequireScope("leads:read");
        agent.MapPost("/leads", Create).RequireScope("leads:create");
        agent.MapPatch("/leads/{id:guid}", Update).RequireScope("leads:write");
        agent.MapGet("/bookings", (HttpContext context, Crm crm) => new { Bookings = crm.Bookings(Company(context)) })
            .RequireScope("bookings:read");
        agent.MapPost("/leads/{id:guid}/calls", LogCall).RequireScope("calls:write");
        agent.MapPost("/leads/{id:guid}/messages", SendMessage).RequireScope("messages:write");
        agent.MapGet("/analytics", (HttpContext context, Crm crm) => crm.Analytics(Company(context)))
            .RequireScope("analytics:read");
    }

    public static void MapPublicLeads(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/public/leads", Create)
            .RequireAuthorization(new RequireScopeAttribute("leads:create") { AuthenticationSchemes = "ApiKey" });

    private static IResult Create(HttpContext context, Crm crm, NewLead body) =>
        CrmRules.FindInvalidLead(body.Name, body.Phone) is { } invalid
            ? invalid
            : Results.Json(crm.Create(Company(context), body.Name!, body.Phone!), statusCode: StatusCodes.Status201Created);

    private static IResult Update(HttpContext context, Crm crm, Guid id, LeadChange body) =>
        CrmRules.FindInvalidChange(body.Name, body.Phone) is { } invalid
            ? invalid
            : ToResult(crm.Update(Company(context), id, body.Name, body.Phone));

    private static IResult LogCall(HttpContext context, Crm crm, Guid id, Call body) =>
        CrmRules.FindInvalidNote(body.Note) is { } invalid
            ? invalid
            : ToResult(crm.LogCall(Company(context), id, body.Note!), StatusCodes.Status201Created);

    private static IResult SendMessage(HttpContext context, Crm crm, Guid id, Message body) =>
        CrmRules.FindInvalidText(body.Text) is { } invalid
            ? invalid
            : ToResult(crm.SendMessage(Company(context), id, body.Text!), StatusCodes.Status201Created);

    private static IResult ToResult<T>(T? found, int status = StatusCodes.Status200OK)
        where T : class => found is null ? CrmRules.LeadNotFound : Results.Json(found, statusCode: status);

    private static string Company(HttpContext context) => context.GetApiKey()?.TenantId ?? "";

    private sealed record NewLead(string? Name, string? Phone);

    /// <summary>Represents a change of a lead. Members that are absent do not change.</summary>
    private sealed record LeadChange([DisallowNull] string? Name, [DisallowNull] string? Phone);

    private sealed record Call(string? Note);

    private sealed record Message(string? Text);
}
