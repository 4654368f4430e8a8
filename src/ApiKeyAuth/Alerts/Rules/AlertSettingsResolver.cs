using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>Chooses what is set for a key: its own, else its tenant's, else the app's, else the options'. The nearest holds whole; nothing is mixed.</summary>
internal static class AlertSettingsResolver
{
    public static async Task<IReadOnlyDictionary<string, ApiKeyAlertSettings>> ResolveAsync(
        IApiKeyAlertStore store, ApiKeyAlertOptions options, IEnumerable<ApiKey> keys, CancellationToken cancellationToken)
    {
        var subjects = keys.ToDictionary(key => key.Id, key => GetSubjects(key.Id, key.TenantId), StringComparer.Ordinal);
        var set = subjects.Count == 0 ? new Dictionary<string, ApiKeyAlertSettings>()
            : await store.GetSettingsAsync([.. subjects.Values.SelectMany(each => each).DistinctBy(subject => subject.Name)], cancellationToken);
        return subjects.ToDictionary(key => key.Key, key => Resolve(key.Value, set)?.Settings ?? options.Default, StringComparer.Ordinal);
    }

    /// <summary>The subjects that count for a key, or without one for a tenant, the nearest first.</summary>
    public static ApiKeyAlertSubject[] GetSubjects(string? keyId, string? tenantId) =>
        keyId is null ? [ApiKeyAlertSubject.Tenant(tenantId), ApiKeyAlertSubject.App]
            : [ApiKeyAlertSubject.Key(keyId), ApiKeyAlertSubject.Tenant(tenantId), ApiKeyAlertSubject.App];

    /// <summary>The nearest subject with something set, and what; null for none.</summary>
    public static (ApiKeyAlertSubject Subject, ApiKeyAlertSettings Settings)? Resolve(
        IEnumerable<ApiKeyAlertSubject> subjects, IReadOnlyDictionary<string, ApiKeyAlertSettings> settingsBySubject)
    {
        foreach (var subject in subjects)
        {
            if (settingsBySubject.TryGetValue(subject.Name, out var settings))
            {
                return (subject, settings);
            }
        }

        return null;
    }
}
