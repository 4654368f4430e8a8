using System.ComponentModel;
using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace AgentCrm;

/// <summary>What an agent can do; it sees a tool only where its key holds the scope.</summary>
[McpServerToolType]
internal sealed class CrmTools(Crm crm)
{
    [McpServerTool(Name = "crm_search", ReadOnly = true), RequireScope("leads:read")]
    [Description("Finds leads by a part of their name or phone; without one, all of them.")]
    public IEnumerable<Lead> Search(ClaimsPrincipal user, [Description("A part of the name or phone.")] string? text = null) => crm.Search(Company(user), text);

    [McpServerTool(Name = "crm_create_lead"), RequireScope("leads:write")]
    [Description("Adds a lead.")]
    public Lead CreateLead(ClaimsPrincipal user, string name, string phone) => crm.Create(Company(user), Filled(name, "name"), Filled(phone, "phone"));

    [McpServerTool(Name = "crm_update_lead", Idempotent = true), RequireScope("leads:write")]
    [Description("Changes a lead's name or phone; what is left out stays.")]
    public Lead UpdateLead(ClaimsPrincipal user, Guid id, string? name = null, string? phone = null) => Known(crm.Update(Company(user), id, name, phone));

    [McpServerTool(Name = "crm_get_bookings", ReadOnly = true), RequireScope("bookings:read")]
    [Description("Lists the visits that were agreed on.")]
    public IEnumerable<Booking> GetBookings(ClaimsPrincipal user) => crm.Bookings(Company(user));

    [McpServerTool(Name = "crm_log_call"), RequireScope("calls:write")]
    [Description("Notes a call with a lead.")]
    public Contact LogCall(ClaimsPrincipal user, Guid leadId, string note) => Known(crm.LogCall(Company(user), leadId, Filled(note, "note")));

    [McpServerTool(Name = "crm_send_message"), RequireScope("messages:write")]
    [Description("Sends a message to a lead.")]
    public Contact SendMessage(ClaimsPrincipal user, Guid leadId, string text) => Known(crm.SendMessage(Company(user), leadId, Filled(text, "text")));

    [McpServerTool(Name = "crm_get_analytics", ReadOnly = true), RequireScope("analytics:read")]
    [Description("Gives the company's figures.")]
    public Analytics GetAnalytics(ClaimsPrincipal user) => crm.Analytics(Company(user));

    private static T Known<T>(T? found)
        where T : class => found ?? throw new McpException("There is no such lead.");

    private static string Filled(string text, string name) => string.IsNullOrWhiteSpace(text) ? throw new McpException($"{name} is missing.") : text;

    private static string Company(ClaimsPrincipal user) => user.FindFirst(ApiKeyClaimTypes.TenantId)?.Value ?? "";
}
