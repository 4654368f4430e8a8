namespace ApiKeyAuth.Alerts;

/// <summary>Defines the kinds of alerts. They do not change.</summary>
public static class ApiKeyAlertKinds
{
    /// <summary>A key has at least 100 requests in an hour, and more than 3 times the busiest hour of the 7 days before.</summary>
    public const string UnusualActivity = "unusual_activity";

    /// <summary>A key reaches the configured number of requests in a period.</summary>
    public const string HighUsage = "high_usage";

    /// <summary>A key reaches the configured number of failed requests in a period.</summary>
    public const string Failures = "failures";

    /// <summary>A key expires soon.</summary>
    public const string KeyExpiring = "key_expiring";

    /// <summary>A retiring secret is still in use shortly before it expires.</summary>
    public const string RetiringSecretInUse = "retiring_secret_in_use";

    /// <summary>A key is used from a new country.</summary>
    public const string NewCountry = "new_country";

    /// <summary>A key is used from a new network.</summary>
    public const string NewNetwork = "new_network";

    /// <summary>A key is used again after a long time.</summary>
    public const string DormantKeyAwake = "dormant_key_awake";

    /// <summary>A test key is used on a live host.</summary>
    public const string TestKeyOnLiveHost = "test_key_on_live_host";

    /// <summary>A secret of a key was found by a secret scanner, or reported by other means.</summary>
    public const string KeyLeaked = "key_leaked";

    /// <summary>Gets all kinds.</summary>
    /// <summary>
    /// A user tests a webhook. The alert has no key, and is sent also if the webhook is limited to other kinds. It cannot be configured.
    /// </summary>
    public const string Test = "test";

    internal static readonly string[] All =
    [
        UnusualActivity, HighUsage, Failures, KeyExpiring, RetiringSecretInUse, NewCountry, NewNetwork, DormantKeyAwake, TestKeyOnLiveHost,
        KeyLeaked,
    ];
}
