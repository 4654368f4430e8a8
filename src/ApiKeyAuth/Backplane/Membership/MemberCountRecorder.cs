using ApiKeyAuth.Caching;
using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Backplane.Membership;

/// <summary>Keeps the number of nodes in a store, for nodes that start while the backplane is unavailable.</summary>
/// <remarks>
/// A larger number is stored at once, a smaller one when it has lasted for <see cref="DecreaseDelay"/>: nodes that stop one after another
/// for a restart must not leave 1 behind.
/// </remarks>
internal sealed class MemberCountRecorder(
    IApiKeyMemberCountStore? store, ApiKeyCacheOptions cache, TimeProvider clock, ILogger<MemberCountRecorder> logger)
{
    /// <summary>How long a smaller number must last until it is stored.</summary>
    public static readonly TimeSpan DecreaseDelay = TimeSpan.FromMinutes(10);

    private int? _stored;
    private int _largestBelow;
    private long? _belowSince;
    private bool _hasFailed;
    private Task _background = Task.CompletedTask;

    /// <summary>Gets the read or write that was started last.</summary>
    public Task Pending => _background;

    /// <summary>Gets the stored number of nodes, or <see langword="null"/> if there is none or the store does not respond.</summary>
    public async Task<int?> LoadAsync()
    {
        if (store is null)
        {
            return null;
        }

        try
        {
            using var timeout = new CancellationTokenSource(cache.StoreTimeout, clock);
            var count = await store.GetMemberCountAsync(timeout.Token).AsTask().WaitAsync(timeout.Token);
            _stored = count ?? 0;
            _hasFailed = false;
            return count;
        }
        catch (Exception exception)
        {
            Report(exception);
            return null;
        }
    }

    /// <summary>
    /// Records the current number of nodes, and stores it in the background if it has changed. Calls must not be concurrent.
    /// </summary>
    public void Observe(int count)
    {
        if (store is null || !_background.IsCompleted)
        {
            return;
        }

        if (_stored is not { } stored)
        {
            // Not known yet whether the store holds a larger number.
            _background = Task.Run(LoadAsync);
            return;
        }

        if (count >= stored)
        {
            _belowSince = null;
            if (count > stored)
            {
                Store(count);
            }

            return;
        }

        var now = clock.GetTimestamp();
        _largestBelow = _belowSince is null ? count : Math.Max(_largestBelow, count);
        _belowSince ??= now;
        if (clock.GetElapsedTime(_belowSince.Value, now) >= DecreaseDelay)
        {
            _belowSince = null;
            Store(_largestBelow);
        }
    }

    private void Store(int count) => _background = Task.Run(() => StoreAsync(store!, count));

    private async Task StoreAsync(IApiKeyMemberCountStore target, int count)
    {
        try
        {
            using var timeout = new CancellationTokenSource(cache.StoreTimeout, clock);
            await target.SetMemberCountAsync(count, timeout.Token).AsTask().WaitAsync(timeout.Token);
            (_stored, _hasFailed) = (count, false);
        }
        catch (Exception exception)
        {
            // A later heartbeat tries again.
            Report(exception);
        }
    }

    private void Report(Exception exception)
    {
        if (!_hasFailed)
        {
            Log.MemberCountUnavailable(logger, exception.GetType().Name);
        }

        _hasFailed = true;
    }
}
