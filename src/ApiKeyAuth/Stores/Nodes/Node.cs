using ApiKeyAuth.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Stores;

/// <summary>This node on the bus: it asks for changes several times a lease, acts on them, and only then prolongs its lease.</summary>
internal sealed class Node(
    BusLine line, IApiKeyCache cache, NodeLease lease, ApiKeyNodeOptions options, TimeProvider clock, ILogger<Node> logger) : IApiKeyNodes
{
    private string _position = "";
    private int _count = 1;
    private long? _listBegan;
    private bool? _isAnswered;

    public int Count => Volatile.Read(ref _count);

    /// <summary>How much of the lease is left.</summary>
    public TimeSpan Left
    {
        get
        {
            var now = clock.GetTimestamp();
            return lease.IsHeld(now) ? clock.GetElapsedTime(now, lease.Until) : TimeSpan.Zero;
        }
    }

    private TimeSpan Interval => options.Lease / 3;

    /// <summary>Beats until it is told to stop; the beat in flight is waited for.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var work = line.Work.Next;
            var sent = clock.GetTimestamp();
            if (!await BeatAsync())
            {
                await line.Work.WaitAsync(work, Interval - clock.GetElapsedTime(sent), stoppingToken);
            }
        }
    }

    /// <summary>Asks for changes and acts on them. One beat at a time: the answer to one that was given up is not looked at.</summary>
    /// <returns>Whether there is something to acknowledge, which the next beat does.</returns>
    public async Task<bool> BeatAsync()
    {
        var sent = clock.GetTimestamp();
        ApiKeyBusBeat answer;
        try
        {
            answer = await line.BeatAsync(_position);
        }
        catch (Exception exception)
        {
            NoteSilence(exception);
            return false;
        }

        Forget(answer.ChangedKeys);
        var isMoved = answer.Position != _position;
        if (answer.ChangedKeys is null && _position.Length > 0)
        {
            _listBegan = sent;
        }

        _position = answer.Position;
        lease.Renew(sent);
        NoteCount(answer.Nodes);
        NoteAnswer();
        await TellAsync(sent);
        return isMoved;
    }

    /// <summary>Takes this node off the list; it answers from its cache no more.</summary>
    public async Task LeaveAsync()
    {
        lease.End();
        try
        {
            await TellAsync(clock.GetTimestamp());
            await line.LeaveAsync();
        }
        catch (Exception exception)
        {
            Log.LeftUnnoticed(logger, exception.GetType().Name);
        }
    }

    private void Forget(IReadOnlyList<string>? keyIds)
    {
        if (keyIds is null)
        {
            cache.InvalidateAll();
            return;
        }

        foreach (var keyId in keyIds)
        {
            cache.Invalidate(keyId);
        }
    }

    /// <summary>Tells what could not be told before, without missing the next beat over it.</summary>
    private async Task TellAsync(long since)
    {
        foreach (var keyId in line.Untold.Keys)
        {
            // Taken off first: whoever adds it again meanwhile has changed it again.
            if (clock.GetElapsedTime(since) >= Interval || !line.Untold.TryRemove(keyId, out _))
            {
                return;
            }

            try
            {
                await line.PublishAsync(keyId, Interval);
            }
            catch (Exception)
            {
                // It was told when the change was answered that they are not told; the next beat tries again.
                line.Untold[keyId] = true;
                return;
            }
        }
    }

    // A list that was begun anew lacks the nodes that have not sent a heartbeat since; an outage then must not be shared among too few.
    private void NoteCount(int listed)
    {
        var isComplete = _listBegan is not { } began || clock.GetElapsedTime(began) >= options.Lease * 1.5;
        Volatile.Write(ref _count, Math.Max(isComplete ? 1 : _count, listed));
    }

    private void NoteSilence(Exception exception)
    {
        if (_isAnswered != false)
        {
            // The message may hold a connection string, so the type alone is told.
            Log.BusSilent(logger, exception.GetType().Name);
        }

        _isAnswered = false;
    }

    private void NoteAnswer()
    {
        if (_isAnswered != true)
        {
            Log.BusAnswers(logger, Count);
        }

        _isAnswered = true;
    }
}
