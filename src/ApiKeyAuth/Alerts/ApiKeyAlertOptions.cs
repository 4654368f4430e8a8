using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Alerts;

/// <summary>What is told of keys, to the log, to webhooks and to every <see cref="IApiKeyAlertHandler"/>. It needs a store that counts uses.</summary>
public sealed class ApiKeyAlertOptions
{
    /// <summary>Whether alerts are raised at all; true by default.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>What is set for every key whose tenant has nothing set, nor the key itself; nothing by default.</summary>
    public ApiKeyAlertSettings Default { get; set; } = new();

    /// <summary>How often the keys used since are looked at, 1 second to 1 hour; 1 minute by default.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long before its end a key is told of, 0 for never to 365 days; 7 days by default.</summary>
    public TimeSpan KeyExpiring { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long before its end a retiring secret that is still used is told of, 0 for never to 30 days; 1 day by default, and never in the first half of its grace.</summary>
    public TimeSpan RetiringSecret { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Whether a key's first use from a country is told, as far back as the history goes; true by default. It needs countries, see <see cref="ApiKeyUsageOptions.CountryHeader"/>.</summary>
    public bool NewCountry { get; set; } = true;

    /// <summary>Whether a key's first use from a network, an IPv4 /24 or an IPv6 /48, is told; false by default, as callers in clouds and on the move change theirs often.</summary>
    public bool NewNetwork { get; set; }

    /// <summary>After how long without a request a key's next one is told, 0 for never to 3,660 days; 90 days by default.</summary>
    public TimeSpan Dormant { get; set; } = TimeSpan.FromDays(90);

    /// <summary>The hosts on which no test key should be used, such as <c>api.example.com</c> or <c>*.example.com</c>; none by default. A key is told of that is used there all the same.</summary>
    public IList<string> LiveHosts { get; } = [];

    /// <summary>The environments of test keys; <c>test</c> where none is named.</summary>
    public IList<string> TestEnvironments { get; } = [];

    /// <summary>Gets the webhooks that alerts are sent to, in addition to the log and the handlers of the app. The default is none.</summary>
    public IList<ApiKeyWebhookOptions> Webhooks { get; } = [];

    /// <summary>Gets the problems found while the settings were read, which validation reports.</summary>
    internal IList<string> ConfigurationProblems { get; } = [];
}
