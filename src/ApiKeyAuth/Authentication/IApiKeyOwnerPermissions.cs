using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Authentication;

/// <summary>
/// Provides what the owner of a personal key may do now. It is called for each request with such a key, which has no other permissions.
/// </summary>
/// <remarks>
/// Personal keys need an implementation, with any service lifetime. It is resolved from the services of the request. If it throws, or takes
/// longer than <c>Cache:StoreTimeout</c>, the request is rejected with 503. While a personal key has open connections, it is called once
/// per lease (<c>Backplane:Lease</c>), from a separate scope without a request.
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
