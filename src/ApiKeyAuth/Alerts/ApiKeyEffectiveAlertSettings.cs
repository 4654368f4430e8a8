
namespace ApiKeyAuth.Alerts;

/// <summary>Represents the alert settings that apply to a key, a tenant or the app.</summary>
public sealed record ApiKeyEffectiveAlertSettings
{
    /// <summary>Gets the settings.</summary>
    public required ApiKeyAlertSettings Settings { get; init; }

    /// <summary>
    /// Gets the level at which they are set: <c>key</c>, <c>tenant</c> or <c>app</c>; <see langword="null"/> for the defaults of the
    /// options.
    /// </summary>
    public required string? SetFor { get; init; }
}
