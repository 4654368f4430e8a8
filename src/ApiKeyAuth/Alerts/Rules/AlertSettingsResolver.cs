using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Alerts.Rules;

/// <summary>
/// Resolves the settings of a key: its own, or its tenant's, or the app's, or the options'. Settings of different levels are not combined.
/// </summary>
internal static class AlertSettingsResolver
{
    public static async Task<IReadOnlyDictionary<string, ApiKeyAlertSettings>> ResolveAsync(
        IApiKeyAlertStore store, ApiKeyAlertOptions options, IEnumerable<ApiKey> keys, CancellationToken cancellationToken)
    {
        var subjects = keys.ToDictionary(key => key.Id, key => GetSubjects(key.Id, key.TenantId), StringComparer.Ordinal);
        var distinct = subjects.Values.SelectMany(each => each).DistinctBy(subject => subject.Name);
        var set = subjects.Count == 0
            ? new Dictionary<string, ApiKeyAlertSettings>()
            : await store.GetSettingsAsync([.. distinct], cancellationToken);
        return subjects.ToDictionary(key => key.Key, key => Resolve(key.Value, set)?.Settings ?? options.Default, StringComparer.Ordinal);
    }

    /// <summary>Gets the subjects that apply to a key, or to a tenant without a key, most specific first.</summary>
    public static ApiKeyAlertSubject[] GetSubjects(string? keyId, string? tenantId) =>
        keyId is null ? [ApiKeyAlertSubject.Tenant(tenantId), ApiKeyAlertSubject.App]
            : [ApiKeyAlertSubject.Key(keyId), ApiKeyAlertSubject.Tenant(tenantId), ApiKeyAlertSubject.App];

    /// <summary>Finds the most specific subject with settings, or returns <see langword="null"/>.</summary>
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
