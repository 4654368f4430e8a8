namespace ApiKeyAuth.Keys.Internal;

/// <summary>A key and the secret that proved it, with what follows from them for every request; shared by requests, so nothing of it changes but the slots.</summary>
internal class VerifiedApiKey
{
    public VerifiedApiKey(ApiKey key, ApiKeySecret secret, ScopeSet scopes)
    {
        Key = key;
        Secret = secret;
        Scopes = scopes;
    }

    public ApiKey Key { get; }

    public ApiKeySecret Secret { get; }

    /// <summary>The granted scopes and all they imply.</summary>
    public ScopeSet Scopes { get; }

    /// <summary>The scopes as claims tell them: as granted.</summary>
    public virtual ScopeSet ClaimedScopes => Key.Scopes;

    /// <summary>The key's limits as the limiter resolved them; kept here so that a request needs no second look-up.</summary>
    public virtual object? LimitState { get; set; }

    /// <summary>Where the key's uses are counted; kept here for the same reason.</summary>
    public virtual object? UsageState { get; set; }

    /// <summary>When tickets for this record end, in their own writing, once somebody has asked; null for never, too.</summary>
    public string? ExpiresText { get; set; }
}
