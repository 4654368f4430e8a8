namespace ApiKeyAuth.Alerts;

/// <summary>Whose alerts are set: a key's, those of a tenant's keys, or those of every key. The nearest that is set holds, and it alone.</summary>
public sealed record ApiKeyAlertSubject
{
    private ApiKeyAlertSubject(string name, string? keyId = null)
    {
        Name = name;
        KeyId = keyId;
    }

    /// <summary>Every key of the app.</summary>
    public static ApiKeyAlertSubject App { get; } = new("app");

    /// <summary>The name under which a store keeps the settings, at most 420 characters: <c>app</c>, <c>tenant</c>, <c>tenant:…</c> or <c>key:…</c>.</summary>
    public string Name { get; }

    /// <summary>The key whose settings go with it when it is deleted, or null.</summary>
    public string? KeyId { get; }

    /// <summary>The keys of a tenant.</summary>
    /// <param name="tenantId">The tenant, or null for the keys without one.</param>
    public static ApiKeyAlertSubject Tenant(string? tenantId) => new(tenantId is null ? "tenant" : $"tenant:{tenantId}");

    /// <summary>One key.</summary>
    public static ApiKeyAlertSubject Key(string keyId)
    {
        ArgumentException.ThrowIfNullOrEmpty(keyId);
        return new($"key:{keyId}", keyId);
    }
}
