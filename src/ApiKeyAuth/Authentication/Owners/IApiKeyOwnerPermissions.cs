using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Authentication;

/// <summary>Tells what the owner of a personal key may do now. It is asked on each request with such a key, which acts with no more than that.</summary>
/// <remarks>
/// Register one to have personal keys at all, with any lifetime: it is resolved from the request's services. It answers within
/// <c>Cache:StoreTimeout</c>; where it throws or takes longer the caller gets 503 and is not let in. While a personal key has open
/// connections, it is called about once per lease (<c>Nodes:Lease</c>), from a separate scope without a request.
/// </remarks>
public interface IApiKeyOwnerPermissions
{
    /// <summary>Gets the owner's scopes, wildcards allowed; what they imply is added.</summary>
    /// <param name="ownerId">The key's owner.</param>
    /// <param name="tenantId">The key's tenant, or null.</param>
    /// <param name="cancellationToken">Set when the answer has taken too long.</param>
    /// <returns>The scopes, or null where the owner is gone or disabled, which makes the key invalid at once.</returns>
    ValueTask<ScopeSet?> GetAsync(string ownerId, string? tenantId, CancellationToken cancellationToken);
}
