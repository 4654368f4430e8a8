namespace ApiKeyAuth.Keys;

/// <summary>Specifies whether a key is accepted, and if not, why.</summary>
public enum ApiKeyStatus
{
    /// <summary>The key is accepted.</summary>
    Active,

    /// <summary>The key is disabled and can be enabled again.</summary>
    Disabled,

    /// <summary>The key has expired.</summary>
    Expired,

    /// <summary>The key was revoked, which is final.</summary>
    Revoked,
}
