using System.Security.Claims;

namespace ApiKeyAuth.Authentication;

/// <summary>Provides the types of the claims in a verified key's principal.</summary>
public static class ApiKeyClaimTypes
{
    /// <summary>The ID of the key.</summary>
    public const string KeyId = "api_key_id";

    /// <summary>The name of the key, which is also <c>User.Identity.Name</c>.</summary>
    public const string KeyName = "api_key_name";

    /// <summary>The kind of the key, if it has one.</summary>
    public const string Kind = "api_key_kind";

    /// <summary>The environment of the key, if it has one.</summary>
    public const string Environment = "api_key_environment";

    /// <summary>The tenant of the key, if it has one.</summary>
    public const string TenantId = "tenant_id";

    /// <summary>
    /// The user that a personal key acts as. The type is <see cref="ClaimTypes.NameIdentifier"/>, which other schemes also use.
    /// </summary>
    /// <remarks>
    /// Other keys do not have this claim, even if they have an owner. Only a personal key acts with its owner's permissions.
    /// </remarks>
    public const string UserId = ClaimTypes.NameIdentifier;

    /// <summary>The owner of a key that is not personal, if it has one. It is a label and grants no permissions.</summary>
    public const string OwnerId = "owner_id";

    /// <summary>
    /// The scopes of the key, with one claim for each scope (RFC 8693 §4.2 defines the claim). These are the granted scopes, including
    /// wildcards and without implied scopes. For a personal key, these are the granted scopes that its owner currently holds, including
    /// implied scopes.
    /// </summary>
    public const string Scope = "scope";
}
