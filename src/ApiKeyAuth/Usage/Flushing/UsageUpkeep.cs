using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Usage;

/// <summary>Has the stores roll old hours up to days and delete what is past its time, once an hour.</summary>
internal sealed class UsageUpkeep(IServiceScopeFactory scopes, ApiKeyUsageOptions options, TimeProvider clock, ILogger<UsageUpkeep> logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    // A batch is sent again under its id for as long as its process lives; no outage that outlasts this is to be expected.
    private static readonly TimeSpan BatchMemory = TimeSpan.FromDays(7);

    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();
    private readonly long _started = clock.GetTimestamp();
    private long? _last;

    /// <summary>Does what is due.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_last is { } last && clock.GetElapsedTime(last) < Period)
        {
            return;
        }

        _last = clock.GetTimestamp();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            foreach (var store in scope.ServiceProvider.GetServices<IApiKeyStore>().OfType<IApiKeyUsageStore>())
            {
                while (await store.RollUpUsageAsync(Retention(), cancellationToken))
                {
                }
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.UsageUpkeepFailed(logger, exception.GetType().Name);
        }
    }

    /// <summary>What is old by the clock and by the time since the start: a clock that was set forward deletes no history.</summary>
    private ApiKeyUsageRetention Retention()
    {
        var (now, lived) = (clock.GetUtcNow(), _startedAt + clock.GetElapsedTime(_started));
        var sure = now < lived ? now : lived;
        return new ApiKeyUsageRetention
        {
            HoursFrom = sure - options.HourlyRetention,
            DaysFrom = sure - options.DailyRetention,
            BatchesFrom = sure - BatchMemory,
        };
    }
}
