using System.Threading.Channels;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.Tests.Stores;

/// <summary>Represents a store whose calls are completed by the test.</summary>
internal sealed class GatedStore : IApiKeyStore
{
    private readonly Channel<Call> _calls = Channel.CreateUnbounded<Call>();
    private int _count;

    public int Calls => Volatile.Read(ref _count);

    /// <summary>Waits for the next call.</summary>
    public async Task<Call> NextAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Deadline);

    public async ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        var call = new Call(hashes, cancellationToken);
        await _calls.Writer.WriteAsync(call, CancellationToken.None);
        return await call.Source.Task;
    }

    internal sealed class Call(IReadOnlyList<ApiKeyHash> hashes, CancellationToken token)
    {
        public IReadOnlyList<ApiKeyHash> Hashes { get; } = hashes;

        public CancellationToken Token { get; } = token;

        public TaskCompletionSource<ApiKey?> Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Answer(ApiKey? key) => Source.SetResult(key);

        public void Fail() => Source.SetException(new InvalidOperationException("Host=db;Password=hunter2"));
    }
}
