using ApiKeyAuth.Alerts.Rules;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.Management.Rules;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Alerts.Endpoints;

/// <summary>
/// Reads and sets alert settings. A caller who sees a key can access the key's settings, and likewise for a tenant and the app.
/// </summary>
internal sealed class AlertSettingsService(
    IApiKeyAlertStore store, ApiKeyAlertOptions options, KeyQueries reader, KeyCommands writer, ILogger<AlertSettingsService> logger)
{
    public async Task<ApiKeyResult<ApiKeyEffectiveAlertSettings>> GetAsync(
        ApiKeyCaller caller, ApiKeyAlertSubject? subject, CancellationToken cancellationToken)
    {
        var found = await GetSubjectsAsync(caller, subject, isChange: false, cancellationToken);
        return found.Succeeded ? await ReadSettingsAsync(caller, found.Value, cancellationToken) : found.Problem;
    }

    public async Task<ApiKeyResult<ApiKeyEffectiveAlertSettings>> SetAsync(
        ApiKeyCaller caller, ApiKeyAlertSubject? subject, ApiKeyAlertSettings? settings, CancellationToken cancellationToken)
    {
        if ((Validate(settings) ?? ChangeRules.FindProblem(caller)) is { } problem)
        {
            return problem;
        }

        var found = await GetSubjectsAsync(caller, subject, isChange: true, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var (_, failed) = await writer.TryCallStoreAsync(
            caller,
            async token =>
            {
                await store.SetSettingsAsync(found.Value[0], settings, token);
                return true;
            },
            cancellationToken);
        if (failed is not null)
        {
            return failed;
        }

        Log.AlertSettingsChanged(logger, caller.Actor, found.Value[0].Name);
        return await ReadSettingsAsync(caller, found.Value, cancellationToken);
    }

    private static ApiKeyProblem? Validate(ApiKeyAlertSettings? settings)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, set) in new[] { ("highUsage", settings?.HighUsage), ("failures", settings?.Failures) })
        {
            if (set is { Threshold: < 1 })
            {
                problems[$"{name}.threshold"] = "must be at least 1";
            }

            if (set is not null && !Enum.IsDefined(set.Period))
            {
                problems[$"{name}.period"] = "must be hourly or daily";
            }
        }

        return problems.Count > 0 ? Problems.Invalid(problems) : null;
    }

    /// <summary>Finds the subjects that apply, with the requested one first.</summary>
    private async Task<ApiKeyResult<ApiKeyAlertSubject[]>> GetSubjectsAsync(
        ApiKeyCaller caller, ApiKeyAlertSubject? subject, bool isChange, CancellationToken cancellationToken)
    {
        if (subject?.KeyId is { } keyId)
        {
            var key = await (isChange
                ? reader.GetForChangeAsync(caller, keyId, cancellationToken)
                : reader.GetAsync(caller, keyId, cancellationToken));
            return key.Succeeded ? AlertSettingsResolver.GetSubjects(key.Value.Id, key.Value.TenantId) : key.Problem;
        }

        var own = caller.MayCrossTenants ? ApiKeyAlertSubject.App : ApiKeyAlertSubject.Tenant(caller.TenantId);
        var requested = subject ?? own;
        return caller.IsLimitedToOwnKeys ? Problems.Forbidden("The caller can set alerts for its own keys only; name a key")
            : !caller.MayCrossTenants && requested != own ? Problems.Forbidden("The caller can set alerts for its own tenant only")
            : new[] { requested, ApiKeyAlertSubject.App }.Distinct().ToArray();
    }

    private async Task<ApiKeyResult<ApiKeyEffectiveAlertSettings>> ReadSettingsAsync(
        ApiKeyCaller caller, ApiKeyAlertSubject[] subjects, CancellationToken cancellationToken)
    {
        var (set, problem) = await writer.TryCallStoreAsync(caller, token => store.GetSettingsAsync(subjects, token), cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var effective = AlertSettingsResolver.Resolve(subjects, set!);
        return new ApiKeyEffectiveAlertSettings
        {
            Settings = effective?.Settings ?? options.Default,
            SetFor = effective?.Subject.Name.Split(':', 2)[0],
        };
    }
}
