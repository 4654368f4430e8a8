using System.Security.Cryptography;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup;

/// <summary>Calls each store once before the host listens, so that no request is delayed by the first query of the process.</summary>
/// <remarks>
/// The first query includes the JIT, the model and the connection, and takes longer than Cache:StoreTimeout on a slow machine. A store
/// that is unavailable does not stop the host: requests without a key still work, and requests with a key are answered with 503.
/// </remarks>
internal sealed class StoreWarmUp(IServiceProvider services, ILogger<StoreWarmUp> logger) : IHostedLifecycleService
{
    /// <summary>The maximum time that the host waits for all stores.</summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var current = new CurrentCall();

        // On another thread, because a store that blocks or ignores its token must not delay startup any longer.
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
            // The validation of the settings follows and reports the problem with all others.
        }
        catch (Exception exception)
        {
            // A store cannot be created, or the scope cannot be disposed.
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
        // After a timeout or a stop the reason is already logged.
        if (!cancellationToken.IsCancellationRequested)
        {
            // The message may contain a connection string.
            Log.StoreWarmUpFailed(logger, current.Store, current.Member, exception.GetType().Name);
        }
    }

    private sealed class CurrentCall
    {
        public string Store { get; set; } = "(being resolved)";

        public string Member { get; set; } = "constructor";
    }
}
