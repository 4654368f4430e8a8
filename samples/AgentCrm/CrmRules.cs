using ApiKeyAuth.Http;
using Samples;

namespace AgentCrm;

/// <summary>Checks what callers send. The REST API and the tools of the MCP server have the same rules.</summary>
internal static class CrmRules
{
    public static ApiKeyError LeadNotFound { get; } = Problems.NotFound("Lead not found");

    public static ApiKeyError? FindInvalidLead(string? name, string? phone) =>
        Problems.FindInvalid(("name", Problems.Required(name)), ("phone", Problems.Required(phone)));

    /// <summary>Checks a change, in which both can be absent.</summary>
    public static ApiKeyError? FindInvalidChange(string? name, string? phone) =>
        Problems.FindInvalid(("name", Problems.NotBlank(name)), ("phone", Problems.NotBlank(phone)));

    public static ApiKeyError? FindInvalidNote(string? note) => Problems.FindInvalid(("note", Problems.Required(note)));

    public static ApiKeyError? FindInvalidText(string? text) => Problems.FindInvalid(("text", Problems.Required(text)));
}
