using ApiKeyAuth.Alerts.History;

namespace ApiKeyAuth.Alerts.Delivery;

/// <summary>Stores alerts in the memory of the process.</summary>
internal sealed class InMemoryAlertStore : IApiKeyAlertStore, IApiKeyAlertHistoryStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ApiKeyAlertSettings> _settings = new(StringComparer.Ordinal);
    private readonly Dictionary<(string KeyId, string Kind, string About), ApiKeyAlertIncident> _firing = [];
    private readonly Dictionary<(string AlertId, string Target), ApiKeyAlertDelivery> _deliveries = [];
    private readonly Dictionary<(string AlertId, string Target), ApiKeyAlertDeliveryRecord> _history = [];
    private readonly HashSet<string> _disabledTargets = new(StringComparer.Ordinal);

    public ValueTask<IReadOnlyDictionary<string, ApiKeyAlertSettings>> GetSettingsAsync(
        IReadOnlyCollection<ApiKeyAlertSubject> subjects, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyDictionary<string, ApiKeyAlertSettings>>(
                subjects.Where(subject => _settings.ContainsKey(subject.Name)).DistinctBy(subject => subject.Name)
                    .ToDictionary(subject => subject.Name, subject => _settings[subject.Name], StringComparer.Ordinal));
        }
    }

    public ValueTask SetSettingsAsync(ApiKeyAlertSubject subject, ApiKeyAlertSettings? settings, CancellationToken cancellationToken)
    {
        lock (_lock)
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

    public ValueTask<bool> OpenIncidentAsync(
        ApiKeyAlertIncident incident, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var name = (incident.KeyId, incident.Kind, incident.Discriminator);
            if (_firing.TryGetValue(name, out var open))
            {
                _firing[name] = open with { ResolvesAt = open.ResolvesAt > incident.ResolvesAt ? open.ResolvesAt : incident.ResolvesAt };
                return ValueTask.FromResult(false);
            }

            _firing.Add(name, incident);
            Add(deliveries);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<bool> ResolveIncidentAsync(
        ApiKeyAlertIncident incident, IReadOnlyList<ApiKeyAlertDelivery> deliveries, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var name = (incident.KeyId, incident.Kind, incident.Discriminator);
            if (!_firing.TryGetValue(name, out var open) || open != incident)
            {
                return ValueTask.FromResult(false);
            }

            _firing.Remove(name);
            Add(deliveries);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<IReadOnlyList<ApiKeyAlertIncident>> ListResolvableIncidentsAsync(
        DateTimeOffset now, int maxCount, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<ApiKeyAlertIncident>>(
                [.. _firing.Values.Where(incident => incident.ResolvesAt <= now).OrderBy(incident => incident.ResolvesAt).Take(maxCount)]);
        }
    }

    public ValueTask<IReadOnlyList<ApiKeyAlertIncident>> ListFiringIncidentsAsync(
        string kind, Guid? after, int maxCount, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<ApiKeyAlertIncident>>(
                [
                    .. _firing.Values
                        .Where(incident => incident.Kind == kind && !(after is { } last && incident.Id <= last))
                        .OrderBy(incident => incident.Id)
                        .Take(maxCount),
                ]);
        }
    }

    public ValueTask<IReadOnlyList<ApiKeyAlertDelivery>> ClaimDueAsync(
        IReadOnlyCollection<string> targets,
        DateTimeOffset now,
        DateTimeOffset claimedUntil,
        TimeSpan maxDelay,
        int maxCount,
        CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var taken = _deliveries.Values
                .Where(delivery => targets.Contains(delivery.Target)
                    && (delivery.NextAttemptAt <= now || delivery.NextAttemptAt > now + maxDelay))
                .OrderBy(delivery => delivery.NextAttemptAt).Take(maxCount)
                .Select(delivery => delivery with { NextAttemptAt = claimedUntil, Attempts = delivery.Attempts + 1 }).ToList();
            taken.ForEach(delivery => _deliveries[(delivery.AlertId, delivery.Target)] = delivery);
            return ValueTask.FromResult<IReadOnlyList<ApiKeyAlertDelivery>>(taken);
        }
    }

    public ValueTask CompleteAsync(ApiKeyAlertDelivery delivery, DateTimeOffset? nextAttemptAt, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var name = (delivery.AlertId, delivery.Target);
            if (_deliveries.GetValueOrDefault(name) == delivery)
            {
                _deliveries.Remove(name);
                if (nextAttemptAt is { } later)
                {
                    _deliveries.Add(name, delivery with { NextAttemptAt = later });
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisableTargetAsync(string target, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _disabledTargets.Add(target);
            Remove(delivery => delivery.Target == target);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveDeliveriesAsync(DateTimeOffset createdBefore, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Remove(delivery => delivery.CreatedAt < createdBefore);
            RemoveRecords(_history.Values.Where(record => record.AttemptedAt < createdBefore));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask RecordDeliveryAsync(ApiKeyAlertDeliveryRecord delivery, int maxCount, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _history[(delivery.AlertId, delivery.Target)] = delivery;
            RemoveRecords(_history.Values.Where(record => record.Target == delivery.Target)
                .OrderByDescending(record => record.AttemptedAt).Skip(maxCount));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<ApiKeyAlertDeliveryRecord>> ListDeliveriesAsync(
        IReadOnlyCollection<string> targets, bool allTenants, string? tenantId, int maxCount, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<ApiKeyAlertDeliveryRecord>>(
                [
                    .. _history.Values
                        .Where(record => targets.Contains(record.Target) && (allTenants || record.TenantId == tenantId))
                        .OrderByDescending(record => record.AttemptedAt).Take(maxCount),
                ]);
        }
    }

    private void Add(IReadOnlyList<ApiKeyAlertDelivery> deliveries)
    {
        foreach (var delivery in deliveries.Where(delivery => !_disabledTargets.Contains(delivery.Target)))
        {
            _deliveries.TryAdd((delivery.AlertId, delivery.Target), delivery);
        }
    }

    private void RemoveRecords(IEnumerable<ApiKeyAlertDeliveryRecord> records)
    {
        foreach (var record in records.ToList())
        {
            _history.Remove((record.AlertId, record.Target));
        }
    }

    private void Remove(Func<ApiKeyAlertDelivery, bool> predicate)
    {
        foreach (var name in _deliveries.Where(delivery => predicate(delivery.Value)).Select(delivery => delivery.Key).ToList())
        {
            _deliveries.Remove(name);
        }
    }
}
