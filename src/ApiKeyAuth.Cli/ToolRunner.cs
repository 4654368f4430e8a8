using System.CommandLine;
using System.Data.Common;
using System.Text.Json;
using ApiKeyAuth.Cli.CommandLine;
using ApiKeyAuth.Cli.Output;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Cli;

/// <summary>Runs a command line, and turns every failure into one line and an exit code.</summary>
internal static class ToolRunner
{
    // A name may start with "@", which would otherwise be read as the name of a file of arguments.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(
        string[] arguments, ToolConsole console, Func<ToolConsole, Command> createRoot, CancellationToken cancellationToken = default)
    {
        var result = createRoot(console).Parse(arguments.Length == 0 ? ["--help"] : arguments, Parser);
        if (result.Errors.Count > 0)
        {
            return Fail(console, UsageErrors.Describe(result), ExitCodes.Usage);
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = console.Out,
                Error = console.Error,
                EnableDefaultExceptionHandler = false,

                // The program handles signals, because this handler would hide what a canceled command says.
                ProcessTerminationTimeout = null,
            };
            return await result.InvokeAsync(configuration, cancellationToken);
        }
        catch (ToolException exception)
        {
            return Fail(console, exception.Message, exception.ExitCode);
        }
        catch (OperationCanceledException)
        {
            return Fail(console, "Canceled.", ExitCodes.Usage);
        }
        catch (Exception exception) when (Describe(exception) is { } problem)
        {
            return Fail(console, problem, ExitCodes.Failure);
        }
    }

    private static string? Describe(Exception exception) => exception switch
    {
        UnauthorizedAccessException => $"{exception.Message} Change the permissions, or choose another path.",
        IOException => $"{exception.Message} Check the path.",
        HttpRequestException => $"The host cannot be reached ({exception.Message}). Check the address in --url and that the host runs.",
        DbException => $"The database failed ({exception.Message}). Check --connection and that the database is available.",

        // Entity Framework Core wraps a lost connection.
        InvalidOperationException { InnerException: DbException inner } => Describe(inner),
        JsonException => "The text is not valid JSON. Correct it and repeat the command.",
        OptionsValidationException invalid =>
            $"The settings are not valid: {invalid.Failures.First()} Run 'apikeyauth doctor' for all problems.",
        _ => null,
    };

    private static int Fail(ToolConsole console, string message, int exitCode)
    {
        console.Error.WriteLine($"error: {SecretText.ToLine(message)}");
        return exitCode;
    }
}
