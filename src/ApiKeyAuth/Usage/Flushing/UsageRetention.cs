using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage.Flushing;

/// <summary>Combines old hours into days in the stores and deletes expired history, once an hour.</summary>
internal sealed class UsageRetention(
    IServiceScopeFactory scopes, ApiKeyUsageOptions options, TimeProvider clock, ILogger<UsageRetention> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // A process sends a pending batch with the same ID until it succeeds. The period is longer than any expected outage.
    private static readonly TimeSpan BatchRetention = TimeSpan.FromDays(7);

    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();
    private readonly long _startTimestamp = clock.GetTimestamp();
    private long? _lastRun;

    /// <summary>Runs the retention if it is due.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_lastRun is { } last && clock.GetElapsedTime(last) < Interval)
        {
            return;
        }

        _lastRun = clock.GetTimestamp();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            foreach (var store in scope.ServiceProvider.GetServices<IApiKeyStore>().OfType<IApiKeyUsageStore>())
            {
                while (await store.RollUpUsageAsync(CreateRetention(), cancellationToken))
                {
                }
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.UsageRetentionFailed(logger, exception.GetType().Name);
        }
    }

    /// <summary>
    /// Computes the age limits by the clock and by the time since the start, so that a clock that was set forward deletes no history.
    /// </summary>
    private ApiKeyUsageRetention CreateRetention()
    {
        var (now, lived) = (clock.GetUtcNow(), _startedAt + clock.GetElapsedTime(_startTimestamp));
        var sure = now < lived ? now : lived;
        return new ApiKeyUsageRetention
        {
            RollUpHoursBefore = sure - options.HourlyRetention,
            DeleteDaysBefore = sure - options.DailyRetention,
            DeleteBatchesBefore = sure - BatchRetention,
        };
    }
}
