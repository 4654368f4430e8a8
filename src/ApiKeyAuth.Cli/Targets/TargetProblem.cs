using System.Text.Json.Nodes;
using ApiKeyAuth.Cli.CommandLine;

namespace ApiKeyAuth.Cli.Targets;

/// <summary>Turns an error of the management API or of the manager into one line that says what to do.</summary>
internal static class TargetProblem
{
    public static ToolException Create(int status, string message, JsonObject? errors = null)
    {
        var text = message.TrimEnd('.');
        var advice = status switch
        {
            401 => "Set a valid key in APIKEYAUTH_KEY or in the profile.",
            403 => "Use a key with more rights.",
            404 => "Run 'apikeyauth keys list' for the IDs.",
            409 or 412 => "Run 'apikeyauth keys show' and repeat the command if it still applies.",
            429 => "Repeat the command later.",
            >= 500 => "Repeat the command when the store is available.",
            _ => "Correct the values.",
        };
        return new ToolException($"{text}. {advice}", status == 401 ? ExitCodes.NotAuthenticated : ExitCodes.Failure)
        {
            Status = status,
            Errors = errors,
        };
    }
}
