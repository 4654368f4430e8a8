namespace ApiKeyAuth.Keys.Internal;

/// <summary>Represents a verified key, the secret that was used, and data derived from them. Requests share instances.</summary>
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

    /// <summary>Gets the granted scopes and everything they imply.</summary>
    public ScopeSet Scopes { get; }

    /// <summary>Gets the scopes as granted, which are written as claims.</summary>
    public virtual ScopeSet ClaimedScopes => Key.Scopes;

    /// <summary>Gets or sets the resolved limits of the key, so that a request does not look them up again.</summary>
    public virtual object? LimitState { get; set; }

    /// <summary>Gets or sets the usage counters of the key, so that a request does not look them up again.</summary>
    public virtual object? UsageState { get; set; }

    /// <summary>
    /// Gets or sets the cached text form of the expiry of authentication tickets, or null if it was not requested yet or there is none.
    /// </summary>
    public string? ExpiresText { get; set; }
}
