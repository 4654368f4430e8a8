using System.Text.Json.Nodes;

namespace ApiKeyAuth.Cli.CommandLine;

/// <summary>Represents an error that ends the command with one line: what is wrong, and what to do.</summary>
/// <param name="message">The line, without a secret.</param>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
internal sealed class ToolException(string message, int exitCode = ExitCodes.Failure) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>Gets the status with which a host or the manager rejected the call, or null.</summary>
    public int? Status { get; init; }

    public static ToolException Usage(string message) => new(message, ExitCodes.Usage);

    /// <summary>Gets the messages about members of the request, by their names, or null.</summary>
    public JsonObject? Errors { get; init; }
}
