namespace ApiKeyAuth.Stores;

/// <summary>Specifies the outcome of adding a key.</summary>
public enum ApiKeyAddResult
{
    /// <summary>The key was added.</summary>
    Added,

    /// <summary>Another key has the same ID. Nothing was changed.</summary>
    IdTaken,

    /// <summary>Another key has one of the hashes. Nothing was changed.</summary>
    HashTaken,

    /// <summary>A quota is exhausted. Nothing was changed.</summary>
    QuotaExceeded,
}
