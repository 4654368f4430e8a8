using Spectre.Console;

namespace ApiKeyAuth.Cli.Output;

/// <summary>Shows the progress of a long command, on a terminal only.</summary>
internal static class ProgressBar
{
    /// <summary>Runs work that reports how many items are done.</summary>
    public static async Task RunAsync(ToolConsole console, string title, int total, Func<Action<int>, Task> work)
    {
        if (!console.IsOutputTerminal || console.GetVariable("TERM") == "dumb")
        {
            await work(static _ => { });
            return;
        }

        await console.CreateProgress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: Math.Max(total, 1));
                await work(done => task.Value = done);
            });
    }
}
