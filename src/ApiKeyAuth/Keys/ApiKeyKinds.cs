namespace ApiKeyAuth.Keys;

/// <summary>Defines the kinds of keys that the library knows. An app may use others.</summary>
public static class ApiKeyKinds
{
    /// <summary>A key that is created by an administrator of a tenant and shared within it.</summary>
    public const string Organization = "organization";

    /// <summary>A key that a user creates for themselves. It acts with the user's current permissions.</summary>
    public const string Personal = "personal";

    /// <summary>A key for one program, with the scopes that the program needs.</summary>
    public const string Service = "service";
}
