using ApiKeyAuth.Cli.CommandLine;

namespace ApiKeyAuth.Cli.Targets;

/// <summary>Turns an error of the management API or of the manager into one line that says what to do.</summary>
internal static class TargetProblem
{
    public static ToolException Create(int status, string message)
    {
        var text = message.TrimEnd('.');
        return status switch
        {
            401 => new ToolException($"{text}. Set a valid key in APIKEYAUTH_KEY or in the profile.", ExitCodes.NotAuthenticated),
            403 => new ToolException($"{text}. Use a key with more rights."),
            404 => new ToolException($"{text}. Run 'apikeyauth keys list' for the IDs."),
            409 or 412 => new ToolException($"{text}. Run 'apikeyauth keys show' and repeat the command if it still applies."),
            429 => new ToolException($"{text}. Repeat the command later."),
            >= 500 => new ToolException($"{text}. Repeat the command when the store is available."),
            _ => new ToolException($"{text}. Correct the values."),
        };
    }
}
