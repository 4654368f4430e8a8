using ApiKeyAuth.Alerts.Rules;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Http;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.Management.Rules;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Alerts;

/// <summary>Reads and changes which alerts are set for a key, a tenant or the app.</summary>
/// <remarks>
/// A caller sets the alerts of the keys that they may change, and those of their tenant. Only a caller who sees every tenant sets those of
/// the app.
/// </remarks>
public sealed class ApiKeyAlertSettingsService
{
    private readonly IApiKeyAlertStore _store;
    private readonly ApiKeyAlertOptions _options;
    private readonly KeyQueries _queries;
    private readonly KeyCommands _commands;
    private readonly ILogger<ApiKeyAlertSettingsService> _logger;

    internal ApiKeyAlertSettingsService(
        IApiKeyAlertStore store, ApiKeyAlertOptions options, KeyQueries queries, KeyCommands commands,
        ILogger<ApiKeyAlertSettingsService> logger)
    {
        _store = store;
        _options = options;
        _queries = queries;
        _commands = commands;
        _logger = logger;
    }

    /// <summary>Gets the alert settings that apply to a key, a tenant or the app.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="subject">
    /// The key, the tenant or the app; null for the caller's tenant, or for the app if the caller sees every tenant.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<ApiKeyResult<ApiKeyEffectiveAlertSettings>> GetAsync(
        ApiKeyCaller caller, ApiKeyAlertSubject? subject = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var found = await GetSubjectsAsync(caller, subject, isChange: false, cancellationToken);
        return found.Succeeded ? await ReadSettingsAsync(caller, found.Value, cancellationToken) : found.Error;
    }

    /// <summary>Sets the alerts of a key, a tenant or the app. Every node applies them at its next evaluation.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="subject">
    /// The key, the tenant or the app; null for the caller's tenant, or for the app if the caller sees every tenant.
    /// </param>
    /// <param name="settings">The settings, or null to remove them, so that those of the tenant, the app or the options apply.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<ApiKeyResult<ApiKeyEffectiveAlertSettings>> SetAsync(
        ApiKeyCaller caller, ApiKeyAlertSubject? subject, ApiKeyAlertSettings? settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if ((Validate(settings) ?? ChangeRules.FindProblem(caller)) is { } problem)
        {
            return problem;
        }

        var found = await GetSubjectsAsync(caller, subject, isChange: true, cancellationToken);
        if (!found.Succeeded)
        {
            return found.Error;
        }

        var (_, failed) = await _commands.TryCallStoreAsync(
            caller,
            async token =>
            {
                await _store.SetSettingsAsync(found.Value[0], settings, token);
                return true;
            },
            cancellationToken);
        if (failed is not null)
        {
            return failed;
        }

        Log.AlertSettingsChanged(_logger, caller.Actor, found.Value[0].Name);
        return await ReadSettingsAsync(caller, found.Value, cancellationToken);
    }

    private static ApiKeyError? Validate(ApiKeyAlertSettings? settings)
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
                ? _queries.GetForChangeAsync(caller, keyId, cancellationToken)
                : _queries.GetAsync(caller, keyId, cancellationToken));
            return key.Succeeded ? AlertSettingsResolver.GetSubjects(key.Value.Id, key.Value.TenantId) : key.Error;
        }

        var own = caller.MayCrossTenants ? ApiKeyAlertSubject.App : ApiKeyAlertSubject.Tenant(caller.TenantId);
        var requested = subject ?? own;
        return caller.OnlyOwnerId is not null ? Problems.Forbidden("The caller can set alerts for its own keys only; name a key")
            : !caller.MayCrossTenants && requested != own ? Problems.Forbidden("The caller can set alerts for its own tenant only")
            : new[] { requested, ApiKeyAlertSubject.App }.Distinct().ToArray();
    }

    private async Task<ApiKeyResult<ApiKeyEffectiveAlertSettings>> ReadSettingsAsync(
        ApiKeyCaller caller, ApiKeyAlertSubject[] subjects, CancellationToken cancellationToken)
    {
        var (set, problem) = await _commands.TryCallStoreAsync(
            caller, token => _store.GetSettingsAsync(subjects, token), cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var effective = AlertSettingsResolver.Resolve(subjects, set!);
        return new ApiKeyEffectiveAlertSettings
        {
            Settings = effective?.Settings ?? _options.Default,
            SetFor = effective?.Subject.Name.Split(':', 2)[0],
        };
    }
}
