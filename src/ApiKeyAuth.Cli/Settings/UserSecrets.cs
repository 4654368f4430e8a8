using System.Text.RegularExpressions;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;

namespace ApiKeyAuth.Cli.Settings;

/// <summary>Finds the user secrets of a project, as <c>Microsoft.Extensions.Configuration.UserSecrets</c> does.</summary>
internal static partial class UserSecrets
{
    /// <summary>Returns the path for a project, or null if it has no ID for user secrets.</summary>
    public static string? FindPath(ToolConsole console, string project) =>
        IdRegex().Match(project) is { Success: true } match ? GetPath(console, match.Groups[1].Value.Trim()) : null;

    /// <summary>Returns the path for an ID.</summary>
    public static string GetPath(ToolConsole console, string id)
    {
        if (id.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
        {
            throw new ToolException(
                "The UserSecretsId of the project has other characters than letters, digits, '-', '_' and '.'. Change it.");
        }

        return console.GetVariable("APPDATA") is { } roaming ? Path.Combine(roaming, "Microsoft", "UserSecrets", id, "secrets.json")
            : (console.GetVariable("HOME") ?? console.GetVariable("DOTNET_USER_SECRETS_FALLBACK_DIR")) is { } home
                ? Path.Combine(home, ".microsoft", "usersecrets", id, "secrets.json")
                : throw new ToolException("The folder of the user secrets is not known. Set the environment variable HOME.");
    }

    [GeneratedRegex("<UserSecretsId>([^<]+)</UserSecretsId>")]
    private static partial Regex IdRegex();
}
