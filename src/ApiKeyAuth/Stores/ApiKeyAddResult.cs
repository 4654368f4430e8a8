namespace ApiKeyAuth.Stores;

/// <summary>What came of adding a key.</summary>
public enum ApiKeyAddResult
{
    /// <summary>The key is stored.</summary>
    Added,

    /// <summary>Its id is taken; nothing changed.</summary>
    IdTaken,

    /// <summary>One of its hashes is taken; nothing changed.</summary>
    HashTaken,

    /// <summary>A quota is used up; nothing changed.</summary>
    QuotaExceeded,
}
