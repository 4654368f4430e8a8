namespace ApiKeyAuth.Stores;

/// <summary>Alerts in the memory of one process.</summary>
internal sealed class InMemoryAlertStore : IApiKeyAlertStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ApiKeyAlertSettings> _settings = new(StringComparer.Ordinal);
    private readonly Dictionary<(string KeyId, string Kind, string About), ApiKeyAlertEpisode> _open = [];
    private readonly Dictionary<(string AlertId, string Target), ApiKeyAlertDelivery> _deliveries = [];
    private readonly HashSet<string> _closed = new(StringComparer.Ordinal);

    public ValueTask<IReadOnlyDictionary<string, ApiKeyAlertSettings>> GetSettingsAsync(
        IReadOnlyCollection<ApiKeyAlertSubject> subjects, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyDictionary<string, ApiKeyAlertSettings>>(
                subjects.Where(subject => _settings.ContainsKey(subject.Name)).DistinctBy(subject => subject.Name)
                    .ToDictionary(subject => subject.Name, subject => _settings[subject.Name], StringComparer.Ordinal));
        }
    }

    public ValueTask SetSettingsAsync(ApiKeyAlertSubject subject, ApiKeyAlertSettings? settings, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (settings is null)
            {
                _settings.Remove(subject.Name);
            }
            else
            {
                _settings[subject.Name] = settings;
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> BeginAsync(
        ApiKeyAlertEpisode episode, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var name = (episode.KeyId, episode.Kind, episode.About);
            if (_open.TryGetValue(name, out var open))
            {
                _open[name] = open with { Until = open.Until > episode.Until ? open.Until : episode.Until };
                return ValueTask.FromResult(false);
            }

            _open.Add(name, episode);
            Add(deliveries);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<bool> EndAsync(
        ApiKeyAlertEpisode episode, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var name = (episode.KeyId, episode.Kind, episode.About);
            if (!_open.TryGetValue(name, out var open) || open != episode)
            {
                return ValueTask.FromResult(false);
            }

            _open.Remove(name);
            Add(deliveries);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<IReadOnlyList<ApiKeyAlertEpisode>> ListOverAsync(DateTimeOffset now, int count, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<ApiKeyAlertEpisode>>(
                [.. _open.Values.Where(episode => episode.Until <= now).OrderBy(episode => episode.Until).Take(count)]);
        }
    }

    public ValueTask<IReadOnlyList<ApiKeyAlertEpisode>> ListOpenAsync(string kind, Guid? after, int count, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<ApiKeyAlertEpisode>>(
                [.. _open.Values.Where(episode => episode.Kind == kind && !(after is { } last && episode.Id <= last)).OrderBy(episode => episode.Id).Take(count)]);
        }
    }

    public ValueTask<IReadOnlyList<ApiKeyAlertDelivery>> TakeAsync(
        IReadOnlyCollection<string> targets, DateTimeOffset now, DateTimeOffset until, TimeSpan most, int count, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var taken = _deliveries.Values
                .Where(delivery => targets.Contains(delivery.Target) && (delivery.NextAt <= now || delivery.NextAt > now + most))
                .OrderBy(delivery => delivery.NextAt).Take(count)
                .Select(delivery => delivery with { NextAt = until, Attempts = delivery.Attempts + 1 }).ToList();
            taken.ForEach(delivery => _deliveries[(delivery.AlertId, delivery.Target)] = delivery);
            return ValueTask.FromResult<IReadOnlyList<ApiKeyAlertDelivery>>(taken);
        }
    }

    public ValueTask SettleAsync(ApiKeyAlertDelivery taken, DateTimeOffset? nextAt, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var name = (taken.AlertId, taken.Target);
            if (_deliveries.GetValueOrDefault(name) == taken)
            {
                _deliveries.Remove(name);
                if (nextAt is { } later)
                {
                    _deliveries.Add(name, taken with { NextAt = later });
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask CloseAsync(string target, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _closed.Add(target);
            Remove(delivery => delivery.Target == target);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveDeliveriesAsync(DateTimeOffset madeBefore, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Remove(delivery => delivery.At < madeBefore);
        }

        return ValueTask.CompletedTask;
    }

    private void Add(IReadOnlyList<ApiKeyAlertDelivery> deliveries)
    {
        foreach (var delivery in deliveries.Where(delivery => !_closed.Contains(delivery.Target)))
        {
            _deliveries.TryAdd((delivery.AlertId, delivery.Target), delivery);
        }
    }

    private void Remove(Func<ApiKeyAlertDelivery, bool> which)
    {
        foreach (var name in _deliveries.Where(delivery => which(delivery.Value)).Select(delivery => delivery.Key).ToList())
        {
            _deliveries.Remove(name);
        }
    }
}
