using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Connections.Checks;

/// <summary>Represents what a check of a key with open connections found.</summary>
internal sealed class KeyRecheckResult
{
    /// <summary>Gets a value indicating whether the stores were read, and not the owner's permissions alone.</summary>
    public required bool HasReadStores { get; init; }

    /// <summary>Gets the keys that the stores have, by the hash of the secret in use.</summary>
    public Dictionary<ApiKeyHash, LoadedApiKey> Loaded { get; } = [];

    /// <summary>Gets or sets the key as the stores have it, or null if none of the secrets in use was found.</summary>
    public ApiKey? Key { get; set; }

    /// <summary>
    /// Gets or sets what the key may do now, with all that its scopes imply and, for a personal key, no more than its owner may do.
    /// </summary>
    public ScopeSet Scopes { get; set; } = ScopeSet.Empty;

    /// <summary>Gets or sets a value indicating whether a store did not answer.</summary>
    public bool IsStoreUnavailable { get; set; }

    /// <summary>Gets or sets a value indicating whether the owner's permissions could not be read.</summary>
    public bool IsOwnerUnavailable { get; set; }

    /// <summary>Gets or sets a value indicating whether the owner is gone.</summary>
    public bool IsOwnerGone { get; set; }

    /// <summary>Gets a value indicating whether nothing may be concluded.</summary>
    public bool IsUnavailable => IsStoreUnavailable || IsOwnerUnavailable;
}
