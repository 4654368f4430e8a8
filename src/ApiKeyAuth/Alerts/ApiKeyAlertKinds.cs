namespace ApiKeyAuth.Alerts;

/// <summary>What alerts are about; they never change.</summary>
public static class ApiKeyAlertKinds
{
    /// <summary>A key has at least 100 requests in an hour, and more than 3 times as many as in the busiest of its hours in the 7 days before.</summary>
    public const string UnusualActivity = "unusual_activity";

    /// <summary>A key has as many requests in a period as are set, or more.</summary>
    public const string HighUsage = "high_usage";

    /// <summary>A key has as many failed requests in a period as are set, or more.</summary>
    public const string Failures = "failures";

    /// <summary>A key ends soon.</summary>
    public const string KeyExpiring = "key_expiring";

    /// <summary>A secret that a rotation is retiring is still in use shortly before it ends.</summary>
    public const string RetiringSecretInUse = "retiring_secret_in_use";

    /// <summary>A key is used from a country that it was not used from before.</summary>
    public const string NewCountry = "new_country";

    /// <summary>A key is used from a network that it was not used from before.</summary>
    public const string NewNetwork = "new_network";

    /// <summary>A key is used that had not been for long.</summary>
    public const string DormantKeyAwake = "dormant_key_awake";

    /// <summary>A test key is used on a live host.</summary>
    public const string TestKeyOnLiveHost = "test_key_on_live_host";

    /// <summary>All of them.</summary>
    internal static readonly string[] All =
        [UnusualActivity, HighUsage, Failures, KeyExpiring, RetiringSecretInUse, NewCountry, NewNetwork, DormantKeyAwake, TestKeyOnLiveHost];
}
