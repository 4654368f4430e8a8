using Grpc.Core;

namespace ApiKeyAuth.TestSupport;

public sealed class TickService : TickBase
{
    public override async Task TickAsync(string text, IServerStreamWriter<string> writer, ServerCallContext context)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (await timer.WaitForNextTickAsync(context.CancellationToken))
        {
            await writer.WriteAsync(text, context.CancellationToken);
        }
    }
}
