using System.Security.Cryptography;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup;

/// <summary>Calls each store once before the host listens, so that no request pays for the first query of the process.</summary>
/// <remarks>
/// The first query pays for the JIT, the model and the connection, which takes longer than Cache:StoreTimeout on a slow machine. A store
/// that is down does not stop the host: it may serve much that needs no key, and keys are answered with 503 until the store is back.
/// </remarks>
internal sealed class StoreWarmUp(IServiceProvider services, ILogger<StoreWarmUp> logger) : IHostedLifecycleService
{
    /// <summary>How long the host waits for all stores.</summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var current = new CurrentCall();

        // Apart from the wait: a store that blocks its thread or ignores its token does not hold up the start for longer than that.
        var calls = Task.Run(() => CallAllAsync(current, stop.Token), CancellationToken.None);
        try
        {
            await calls.WaitAsync(MaxWait, services.GetRequiredService<TimeProvider>(), cancellationToken);
        }
        catch (TimeoutException)
        {
            Log.StoreWarmUpTimedOut(logger, current.Store, current.Member, MaxWait);
            await stop.CancelAsync();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CallAllAsync(CurrentCall current, CancellationToken cancellationToken)
    {
        try
        {
            var hashes = services.GetRequiredService<ApiKeyHasher>().GetCandidates(RandomNumberGenerator.GetBytes(ApiKeyHash.Length));
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            await using var scope = services.CreateAsyncScope();
            foreach (var store in scope.ServiceProvider.GetServices<IApiKeyStore>())
            {
                current.Store = store.GetType().Name;
                await CallAsync(store, hashes, now, current, cancellationToken);
            }
        }
        catch (OptionsValidationException)
        {
            // The check of all settings comes next, and reports this with everything else that is wrong.
        }
        catch (Exception exception)
        {
            // A store that cannot be created, or a scope that cannot be disposed of.
            LogFailure(current, exception, cancellationToken);
        }
    }

    private async Task CallAsync(
        IApiKeyStore store, IReadOnlyList<ApiKeyHash> hashes, DateTimeOffset now, CurrentCall current, CancellationToken cancellationToken)
    {
        try
        {
            current.Member = nameof(IApiKeyStore.FindAsync);
            await store.FindAsync(hashes, cancellationToken);
            if (store is IWritableApiKeyStore writable)
            {
                current.Member = nameof(IWritableApiKeyStore.ListAsync);
                await writable.ListAsync(new ApiKeyFilter { AllTenants = true, Now = now, Limit = 1 }, cancellationToken);
            }

            if (store is IApiKeyStoreWarmUp warmUp)
            {
                current.Member = nameof(IApiKeyStoreWarmUp.WarmUpAsync);
                await warmUp.WarmUpAsync(cancellationToken);
            }
        }
        catch (Exception exception)
        {
            LogFailure(current, exception, cancellationToken);
        }
    }

    private void LogFailure(CurrentCall current, Exception exception, CancellationToken cancellationToken)
    {
        // After a time-out or a stop the reason is known already.
        if (!cancellationToken.IsCancellationRequested)
        {
            // The message may hold a connection string.
            Log.StoreWarmUpFailed(logger, current.Store, current.Member, exception.GetType().Name);
        }
    }

    private sealed class CurrentCall
    {
        public string Store { get; set; } = "(being resolved)";

        public string Member { get; set; } = "constructor";
    }
}
