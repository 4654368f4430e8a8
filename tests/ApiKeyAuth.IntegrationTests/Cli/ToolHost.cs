using ApiKeyAuth.Cli;
using ApiKeyAuth.Cli.Output;
using ApiKeyAuth.IntegrationTests.Processes;

namespace ApiKeyAuth.IntegrationTests.Cli;

/// <summary>Runs commands of the tool in this process or in one of its own, in a folder with its own home.</summary>
internal sealed class ToolHost : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tool-");

    public ToolHost()
    {
        Directory.CreateDirectory(PathOf("home"));
        Directory.CreateDirectory(PathOf("bin"));
        Variables = new(StringComparer.Ordinal) { ["HOME"] = PathOf("home") };
    }

    /// <summary>Gets the program of the tool as it was built.</summary>
    public static string Program { get; } =
        Repository.PathOf("src", "ApiKeyAuth.Cli", "bin", Repository.Configuration, "net10.0", "ApiKeyAuth.Cli.dll");

    public string Folder => _folder.FullName;

    /// <summary>Gets the environment variables.</summary>
    public Dictionary<string, string?> Variables { get; }

    public bool IsTerminal { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public string PathOf(params string[] parts) => Path.Combine([Folder, .. parts]);

    public Task<ToolResult> RunAsync(params string[] arguments) => RunWithInputAsync("", arguments);

    public async Task<ToolResult> RunWithInputAsync(string input, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var console = new ToolConsole
        {
            In = new StringReader(input),
            Out = output,
            Error = error,
            IsInputTerminal = IsTerminal,
            IsOutputTerminal = IsTerminal,
            Folder = Folder,
            Clock = Clock,
            GetVariable = name => Variables.GetValueOrDefault(name),
        };
        var exitCode = await ToolRunner.RunAsync(arguments, console, RootCommandFactory.Create);
        return new ToolResult(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Writes settings that also accept keys of two other systems, one of which has no prefix.</summary>
    public Task WriteAcceptedFormatsAsync() => File.WriteAllTextAsync(PathOf("appsettings.json"), """
        {
          "ApiKeyAuth": {
            "Format": { "Prefix": "acme", "Environments": [ "prod", "test" ] },
            "AcceptedFormats": [
              { "Prefix": "sk-", "Alphabet": "Base64Url", "MinLength": 20, "MaxLength": 40 },
              { "Alphabet": "Hex", "Length": 32 }
            ]
          }
        }
        """);

    /// <summary>Runs a script of a shell, in which the command <c>apikeyauth</c> is the tool as it was built.</summary>
    public Task<(int ExitCode, string Output)> RunScriptAsync(string shell, string script, params string[] options)
    {
        var command = PathOf("bin", "apikeyauth");
        File.WriteAllText(command, $"#!/bin/sh\nexec dotnet '{Program}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return RunningProcess.RunAsync(
            shell,
            [.. options, "-c", script],
            Folder,
            new Dictionary<string, string?>(Variables)
            {
                ["PATH"] = $"{PathOf("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
                ["TERM"] = "xterm",
            });
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
