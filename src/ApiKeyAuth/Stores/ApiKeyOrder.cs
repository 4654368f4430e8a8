namespace ApiKeyAuth.Stores;

/// <summary>Defines the orders in which keys are listed. Keys that are equal in it are listed by ID.</summary>
public enum ApiKeyOrder
{
    /// <summary>By creation, latest first.</summary>
    Newest,

    /// <summary>By creation, earliest first.</summary>
    Oldest,

    /// <summary>By name, regardless of the case of ASCII letters.</summary>
    Name,

    /// <summary>By name in reverse, regardless of the case of ASCII letters.</summary>
    NameDescending,

    /// <summary>By last use, earliest first. Keys that were never used are first.</summary>
    LastUsed,

    /// <summary>By last use, latest first. Keys that were never used are last.</summary>
    LastUsedDescending,
}
