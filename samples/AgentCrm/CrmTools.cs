using System.ComponentModel;
using System.Security.Claims;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace AgentCrm;

/// <summary>Represents the tools of the MCP server. An agent sees a tool only if its key has the scope.</summary>
[McpServerToolType]
internal sealed class CrmTools(Crm crm)
{
    [McpServerTool(Name = "crm_search", ReadOnly = true), RequireScope("leads:read")]
    [Description("Finds leads by a part of their name or phone number. Returns all leads if the text is omitted.")]
    public IEnumerable<Lead> Search(ClaimsPrincipal user, [Description("A part of the name or phone number.")] string? text = null) =>
        crm.Search(Company(user), text);

    [McpServerTool(Name = "crm_create_lead"), RequireScope("leads:write")]
    [Description("Adds a lead.")]
    public Lead CreateLead(ClaimsPrincipal user, string name, string phone) =>
        Checked(CrmRules.FindInvalidLead(name, phone), () => crm.Create(Company(user), name, phone));

    [McpServerTool(Name = "crm_update_lead", Idempotent = true), RequireScope("leads:write")]
    [Description("Changes the name or phone number of a lead. Omitted values do not change.")]
    public Lead UpdateLead(ClaimsPrincipal user, Guid id, string? name = null, string? phone = null) =>
        Checked(CrmRules.FindInvalidChange(name, phone), () => crm.Update(Company(user), id, name, phone));

    [McpServerTool(Name = "crm_get_bookings", ReadOnly = true), RequireScope("bookings:read")]
    [Description("Lists the booked visits.")]
    public IEnumerable<Booking> GetBookings(ClaimsPrincipal user) => crm.Bookings(Company(user));

    [McpServerTool(Name = "crm_log_call"), RequireScope("calls:write")]
    [Description("Records a call with a lead.")]
    public Contact LogCall(ClaimsPrincipal user, Guid leadId, string note) =>
        Checked(CrmRules.FindInvalidNote(note), () => crm.LogCall(Company(user), leadId, note));

    [McpServerTool(Name = "crm_send_message"), RequireScope("messages:write")]
    [Description("Sends a message to a lead.")]
    public Contact SendMessage(ClaimsPrincipal user, Guid leadId, string text) =>
        Checked(CrmRules.FindInvalidText(text), () => crm.SendMessage(Company(user), leadId, text));

    [McpServerTool(Name = "crm_get_analytics", ReadOnly = true), RequireScope("analytics:read")]
    [Description("Gets the company's figures.")]
    public Analytics GetAnalytics(ClaimsPrincipal user) => crm.Analytics(Company(user));

    // The agent gets the message as the result of the tool, and can correct the call.
    private static T Checked<T>(ApiKeyError? invalid, Func<T?> act)
        where T : class =>
        invalid is null ? act() ?? throw new McpException(CrmRules.LeadNotFound.Message) : throw new McpException(invalid.Message);

    private static string Company(ClaimsPrincipal user) => user.FindFirst(ApiKeyClaimTypes.TenantId)?.Value ?? "";
}
