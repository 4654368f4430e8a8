using System.Security.Claims;

namespace ApiKeyAuth.Authentication;

/// <summary>The claims that a verified key's principal holds.</summary>
public static class ApiKeyClaimTypes
{
    /// <summary>The key's id.</summary>
    public const string KeyId = "api_key_id";

    /// <summary>The key's name; also <c>User.Identity.Name</c>.</summary>
    public const string KeyName = "api_key_name";

    /// <summary>The key's kind, where it has one.</summary>
    public const string Kind = "api_key_kind";

    /// <summary>The key's environment, where it has one.</summary>
    public const string Environment = "api_key_environment";

    /// <summary>The tenant, where the key has one.</summary>
    public const string TenantId = "tenant_id";

    /// <summary>The user that a personal key acts as: <see cref="ClaimTypes.NameIdentifier"/>, as other schemes name a user.</summary>
    /// <remarks>No other key has this claim, whatever its owner: only a personal key acts with its owner's permissions.</remarks>
    public const string UserId = ClaimTypes.NameIdentifier;

    /// <summary>The owner of a key that is not personal, if it has one. It is a label and gives no rights.</summary>
    public const string OwnerId = "owner_id";

    /// <summary>
    /// One claim for each scope the key was granted, as granted: wildcards and without what they imply (RFC 8693 §4.2 names the claim); of
    /// a personal key, what its owner may do now, with what that implies.
    /// </summary>
    public const string Scope = "scope";
}
