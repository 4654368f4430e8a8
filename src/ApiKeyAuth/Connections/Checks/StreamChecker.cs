using ApiKeyAuth.Diagnostics;

namespace ApiKeyAuth.Connections.Checks;

/// <summary>Checks keys with open connections, one check per key at a time, and ends the connections that are no longer allowed.</summary>
internal sealed class StreamChecker(
    KeyRechecker rechecker, StreamEndReporter endReporter, StreamTimings timings, TimeProvider clock) : IDisposable
{
    private const int MaxConcurrent = 16;

    private readonly SemaphoreSlim _slots = new(MaxConcurrent);

    /// <summary>Starts a check of a key, unless one is running.</summary>
    /// <param name="key">The key's open connections.</param>
    /// <param name="ownerOnly">Whether to read only the permissions of the owner.</param>
    public void Start(KeyStreams key, bool ownerOnly)
    {
        if (!key.TryBeginCheck())
        {
            return;
        }

        // In the background, because the caller may be the request that changes the key, or the loop that reads invalidations.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => RunAsync(key, ownerOnly));
        }
    }

    /// <summary>Ends all connections of a key that could not be confirmed in time.</summary>
    public void EndAll(KeyStreams key)
    {
        var ended = new Dictionary<StreamEndReason, int>();
        foreach (var stream in key.Snapshot())
        {
            End(stream, StreamEndReason.Unconfirmed, ended);
        }

        endReporter.Report(key.KeyId, ended);
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private async Task RunAsync(KeyStreams key, bool ownerOnly)
    {
        try
        {
            await _slots.WaitAsync();
            try
            {
                while (!await RunOnceAsync(key, ownerOnly))
                {
                    // The key was changed during the check.
                }
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (Exception)
        {
            // The key stays unconfirmed, whatever failed. A later sweep tries again or ends its connections.
            key.RecordFailure(clock.GetTimestamp());
        }
    }

    private async Task<bool> RunOnceAsync(KeyStreams key, bool ownerOnly)
    {
        var (changes, isRequired) = key.BeginRound();
        var startedAt = clock.GetTimestamp();
        var open = key.Snapshot();
        var readsKey = isRequired || !ownerOnly;
        var findings = readsKey
            ? await rechecker.RecheckAsync(key.KeyId, open.Select(stream => stream.Verified.Secret.Hash))
            : await rechecker.RecheckOwnerAsync(key.Latest);
        if (findings.IsUnavailable)
        {
            var now = clock.GetTimestamp();
            if (findings.IsOwnerUnavailable)
            {
                // Requests with this key are being rejected as well.
                key.RequireConfirmation(now + timings.ConfirmationTimeout);
            }

            key.RecordFailure(now);
            return true;
        }

        Apply(key.KeyId, open, findings);
        return readsKey ? key.TryConfirm(changes, startedAt, findings.Key) : key.TryConfirmOwner(changes, startedAt);
    }

    private void Apply(string keyId, List<OpenStream> open, KeyRecheckResult findings)
    {
        var now = clock.GetUtcNow();
        var ended = new Dictionary<StreamEndReason, int>();
        foreach (var stream in open)
        {
            if (stream.IsAbandoned)
            {
                OpenStreams.Remove(stream);
            }
            else if (StreamRules.Evaluate(stream, findings, now) is { } reason)
            {
                End(stream, reason, ended);
            }
        }

        endReporter.Report(keyId, ended);
    }

    private void End(OpenStream stream, StreamEndReason reason, Dictionary<StreamEndReason, int> ended)
    {
        if (stream.TryEnd())
        {
            ended[reason] = ended.GetValueOrDefault(reason) + 1;
            endReporter.Count(stream, reason);
        }

        OpenStreams.Remove(stream);
    }
}
