using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Connections.Checks;

/// <summary>Represents the result of checking a key with open connections.</summary>
internal sealed class KeyRecheckResult
{
    /// <summary>Gets a value indicating whether the stores were read, and not only the permissions of the owner.</summary>
    public required bool HasReadStores { get; init; }

    /// <summary>Gets the keys that were found, by the hash of the secret in use.</summary>
    public Dictionary<ApiKeyHash, LoadedApiKey> Loaded { get; } = [];

    /// <summary>Gets or sets the current key, or null if none of the secrets in use was found.</summary>
    public ApiKey? Key { get; set; }

    /// <summary>
    /// Gets or sets the current scopes with everything they imply, limited to the permissions of the owner for a personal key.
    /// </summary>
    public ScopeSet Scopes { get; set; } = ScopeSet.Empty;

    /// <summary>Gets or sets a value indicating whether a store was unavailable.</summary>
    public bool IsStoreUnavailable { get; set; }

    /// <summary>Gets or sets a value indicating whether the owner's permissions could not be read.</summary>
    public bool IsOwnerUnavailable { get; set; }

    /// <summary>Gets or sets a value indicating whether the owner no longer exists.</summary>
    public bool IsOwnerGone { get; set; }

    /// <summary>Gets a value indicating whether the check failed and has no result.</summary>
    public bool IsUnavailable => IsStoreUnavailable || IsOwnerUnavailable;
}
