using System.Collections.ObjectModel;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Management.Rules;

/// <summary>Rejects an idle time if usage is not counted, because the key would then expire although it is used.</summary>
internal sealed class IdleTimeRule(IWritableApiKeyStore store, ApiKeyUsageOptions usage)
{
    private const string Field = "expiresAfterIdleDays";

    /// <summary>Returns the request with a problem, if its idle time is not supported.</summary>
    public NewApiKey Apply(NewApiKey request) => request.ExpiresAfterIdleDays is not null && FindFault() is { } fault
        ? request with { ParseErrors = Add(request.ParseErrors, fault) }
        : request;

    /// <inheritdoc cref="Apply(NewApiKey)"/>
    public ApiKeyPatch Apply(ApiKeyPatch patch) =>
        patch.ExpiresAfterIdleDays is { IsSet: true, Value: not null } && FindFault() is { } fault
            ? patch with { ParseErrors = Add(patch.ParseErrors, fault) }
            : patch;

    private string? FindFault() =>
        store is not IApiKeyUsageStore ? "is not supported: the store does not count the usage of API keys"
        : !usage.Enabled ? "is not supported: this app does not count the usage of API keys"
        : null;

    private static ReadOnlyDictionary<string, string> Add(IReadOnlyDictionary<string, string> problems, string fault) =>
        new Dictionary<string, string>(problems, StringComparer.Ordinal) { [Field] = fault }.AsReadOnly();
}
