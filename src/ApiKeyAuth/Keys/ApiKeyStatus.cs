namespace ApiKeyAuth.Keys;

/// <summary>Whether a key lets its holder in, and if not, why.</summary>
public enum ApiKeyStatus
{
    /// <summary>The key is accepted.</summary>
    Active,

    /// <summary>The key is switched off and can be switched on again.</summary>
    Disabled,

    /// <summary>The key's own time is over.</summary>
    Expired,

    /// <summary>The key was ended for good.</summary>
    Revoked,
}
