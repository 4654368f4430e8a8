namespace ApiKeyAuth.Keys;

/// <summary>The kinds of keys the library knows; an app may add words of its own.</summary>
public static class ApiKeyKinds
{
    /// <summary>Made by who manages a tenant's keys, and shared in it.</summary>
    public const string Organization = "organization";

    /// <summary>Made by a user for himself; it acts with his permissions as they are now.</summary>
    public const string Personal = "personal";

    /// <summary>For one program, with the scopes it needs.</summary>
    public const string Service = "service";
}
