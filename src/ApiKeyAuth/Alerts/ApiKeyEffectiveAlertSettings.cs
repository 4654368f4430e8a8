
namespace ApiKeyAuth.Alerts;

/// <summary>The alerts that hold for a key, a tenant or the app, and where they are set.</summary>
public sealed record ApiKeyEffectiveAlertSettings
{
    /// <summary>The settings.</summary>
    public required ApiKeyAlertSettings Settings { get; init; }

    /// <summary>The name of the subject they are set for, <c>key</c>, <c>tenant</c> or <c>app</c>; null where they are the options' defaults.</summary>
    public required string? SetFor { get; init; }
}
