using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Alerts;

/// <summary>
/// Represents the options of alerts, which are sent to the log, to webhooks and to each <see cref="IApiKeyAlertHandler"/>.
/// </summary>
/// <remarks>Alerts need a store that records usage.</remarks>
public sealed class ApiKeyAlertOptions
{
    /// <summary>Gets or sets a value indicating whether alerts are raised. The default is <see langword="true"/>.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Gets or sets the settings of keys without settings of their own or of their tenant. By default, no alerts are set.
    /// </summary>
    public ApiKeyAlertSettings Default { get; set; } = new();

    /// <summary>Gets or sets the interval at which used keys are evaluated, 1 second to 1 hour. The default is 1 minute.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets or sets how long before its expiration a key raises an alert, up to 365 days; 0 means never. The default is 7 days.
    /// </summary>
    public TimeSpan KeyExpiring { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Gets or sets how long before its expiration a retiring secret in use raises an alert, up to 30 days; 0 means never. It raises no
    /// alert in the first half of its grace period. The default is 1 day.
    /// </summary>
    public TimeSpan RetiringSecret { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Gets or sets a value indicating whether the first use from a country in the history raises an alert. It needs countries, see <see
    /// cref="ApiKeyUsageOptions.CountryHeader"/>. The default is <see langword="true"/>.
    /// </summary>
    public bool NewCountry { get; set; } = true;

    /// <summary>
    /// Gets or sets a value indicating whether the first use from a network, an IPv4 /24 or an IPv6 /48, raises an alert. The default is
    /// <see langword="false"/>, because cloud and mobile callers often change networks.
    /// </summary>
    public bool NewNetwork { get; set; }

    /// <summary>
    /// Gets or sets the time without requests after which the next use raises an alert, up to 3,660 days; 0 means never. The default is 90
    /// days.
    /// </summary>
    public TimeSpan Dormant { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// Gets the hosts on which the use of a test key raises an alert, such as <c>api.example.com</c> or <c>*.example.com</c>. The default
    /// is empty.
    /// </summary>
    public IList<string> LiveHosts { get; } = [];

    /// <summary>Gets the environments of test keys. If it is empty, the environment is <c>test</c>.</summary>
    public IList<string> TestEnvironments { get; } = [];

    /// <summary>
    /// Gets the webhooks that alerts are sent to, in addition to the log and the handlers of the app. The default is empty.
    /// </summary>
    public IList<ApiKeyWebhookOptions> Webhooks { get; } = [];
}
