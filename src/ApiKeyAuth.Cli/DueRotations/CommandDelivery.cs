using System.ComponentModel;
using System.Diagnostics;
using ApiKeyAuth.Cli.CommandLine;

namespace ApiKeyAuth.Cli.DueRotations;

/// <summary>
/// Runs a command of the shell with the secret on its standard input, and the ID and the name of the key in environment variables.
/// </summary>
/// <param name="command">The command.</param>
/// <param name="folder">The folder in which it runs.</param>
/// <param name="timeout">How long it may run.</param>
internal sealed class CommandDelivery(string command, string folder, TimeSpan timeout) : ISecretDelivery
{
    private const int MaxErrorLength = 200;

    public void Check()
    {
        if (string.IsNullOrWhiteSpace(command))
        {
            throw ToolException.Usage("--deliver must be a command that reads the secret from its standard input.");
        }
    }

    public async Task<string?> DeliverAsync(DueKey key, string secret, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        using var process = new Process { StartInfo = CreateStartInfo(key) };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return $"the shell cannot be started ({exception.Message})";
        }

        try
        {
            // The output is read, so that the command does not wait, and dropped, because it may contain the secret.
            var output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await WriteAsync(process, secret, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            await output;
            var text = await error;
            return process.ExitCode == 0 ? null : $"the command ended with exit code {process.ExitCode}{Describe(text, secret)}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            return $"the command did not end within {timeout.TotalSeconds:0} seconds";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private ProcessStartInfo CreateStartInfo(DueKey key)
    {
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd.exe", ["/c", command])
            : new ProcessStartInfo("/bin/sh", ["-c", command]);
        start.WorkingDirectory = folder;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment["APIKEYAUTH_KEY_ID"] = key.Id;
        start.Environment["APIKEYAUTH_KEY_NAME"] = key.Name;

        // The key of the tool itself is not for the command.
        start.Environment.Remove("APIKEYAUTH_KEY");
        start.Environment.Remove("APIKEYAUTH_CONNECTION");
        return start;
    }

    private static async Task WriteAsync(Process process, string secret, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync((secret + "\n").AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The command ended without reading. Its exit code says whether that is a failure.
        }
    }

    private static string Describe(string text, string secret)
    {
        var line = SecretText.ToLine(text.Replace(secret, "***", StringComparison.Ordinal)).Trim();
        return line.Length == 0 ? "" : $": {(line.Length > MaxErrorLength ? line[..MaxErrorLength] + "…" : line)}";
    }
}
