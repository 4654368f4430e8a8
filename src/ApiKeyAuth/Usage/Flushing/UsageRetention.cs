using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage.Flushing;

/// <summary>Has the stores roll old hours up to days and delete what is past its time, once an hour.</summary>
internal sealed class UsageRetention(IServiceScopeFactory scopes, ApiKeyUsageOptions options, TimeProvider clock, ILogger<UsageRetention> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // A batch is sent again under its id for as long as its process lives; no outage that outlasts this is to be expected.
    private static readonly TimeSpan BatchRetention = TimeSpan.FromDays(7);

    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();
    private readonly long _startTimestamp = clock.GetTimestamp();
    private long? _lastRun;

    /// <summary>Does what is due.</summary>
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

    /// <summary>What is old by the clock and by the time since the start: a clock that was set forward deletes no history.</summary>
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
