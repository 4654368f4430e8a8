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
    /// <remarks>A table of the limits by key takes 61 bytes more for each key in use, which is 5 %.</remarks>
    public virtual IKeyLimits? Limits { get; set; }

    /// <summary>Gets when the key or the secret expires, whichever is first, or null if neither does.</summary>
    public DateTimeOffset? ExpiresAt => (Key.ExpiresAt?.Instant, Secret.ExpiresAt) switch
    {
        ({ } key, { } secret) => key < secret ? key : secret,
        var (key, secret) => key ?? secret,
    };

    /// <summary>Gets or sets the text of <see cref="ExpiresAt"/> in authentication tickets, or null if it was not requested yet.</summary>
    public string? ExpiresText { get; set; }
}
