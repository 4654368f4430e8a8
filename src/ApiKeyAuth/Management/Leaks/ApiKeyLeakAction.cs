namespace ApiKeyAuth.Management.Leaks;

/// <summary>Defines what happens to a key that is reported as leaked. An alert is raised in every case.</summary>
public enum ApiKeyLeakAction
{
    /// <summary>The key is not changed.</summary>
    Alert,

    /// <summary>The key gets a new secret, and the leaked one stays valid for the grace period.</summary>
    Rotate,

    /// <summary>The key is revoked; if the leaked secret is retiring, only that secret is.</summary>
    Revoke,
}
