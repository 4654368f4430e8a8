using ApiKeyAuth.Cli.Output;

namespace ApiKeyAuth.Cli;

/// <summary>Represents the entry point of the tool <c>apikeyauth</c>.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) =>
        ToolRunner.RunAsync(arguments, ToolConsole.CreateSystem(), RootCommandFactory.Create);
}
