namespace ApiKeyAuth.Alerts;

/// <summary>
/// Represents the subject of alert settings: a key, the keys of a tenant, or all keys. Only the most specific settings apply to a key.
/// </summary>
public sealed record ApiKeyAlertSubject
{
    private ApiKeyAlertSubject(string name, string? keyId = null)
    {
        Name = name;
        KeyId = keyId;
    }

    /// <summary>Gets the subject for all keys of the app.</summary>
    public static ApiKeyAlertSubject App { get; } = new("app");

    /// <summary>
    /// Gets the name by which a store saves the settings, at most 420 characters: <c>app</c>, <c>tenant</c>, <c>tenant:…</c> or
    /// <c>key:…</c>.
    /// </summary>
    public string Name { get; }

    /// <summary>Gets the ID of the key with which the settings are deleted, or <see langword="null"/>.</summary>
    public string? KeyId { get; }

    /// <summary>Creates the subject for the keys of a tenant.</summary>
    /// <param name="tenantId">The ID of the tenant, or <see langword="null"/> for keys without a tenant.</param>
    public static ApiKeyAlertSubject Tenant(string? tenantId) => new(tenantId is null ? "tenant" : $"tenant:{tenantId}");

    /// <summary>Creates the subject for one key.</summary>
    public static ApiKeyAlertSubject Key(string keyId)
    {
        ArgumentException.ThrowIfNullOrEmpty(keyId);
        return new($"key:{keyId}", keyId);
    }
}
