using System.Runtime.InteropServices;
using ApiKeyAuth.Cli.Output;

namespace ApiKeyAuth.Cli;

/// <summary>Represents the entry point of the tool <c>apikeyauth</c>.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        var console = ToolConsole.CreateSystem();
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        return await ToolRunner.RunAsync(arguments, console, RootCommandFactory.Create, cancellation.Token);

        // The command ends what it began, and says what it did. While it reads, nothing has begun, and a second signal ends it at once.
        void Cancel(PosixSignalContext context)
        {
            context.Cancel = !console.IsReading && !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }
    }
}
