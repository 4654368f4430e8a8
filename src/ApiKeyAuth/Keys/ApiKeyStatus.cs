namespace ApiKeyAuth.Keys;

/// <summary>Specifies whether a key is accepted, and if not, why.</summary>
public enum ApiKeyStatus
{
    /// <summary>The key is accepted.</summary>
    Active,

    /// <summary>The key is not accepted yet; see <see cref="ApiKey.NotBefore"/>.</summary>
    Pending,

    /// <summary>The key is disabled and can be enabled again.</summary>
    Disabled,

    /// <summary>The key has expired.</summary>
    Expired,

    /// <summary>The key has expired because it was not used; see <see cref="ApiKey.ExpiresAfterIdleDays"/>.</summary>
    Idle,

    /// <summary>The key was revoked, which is final.</summary>
    Revoked,
}
