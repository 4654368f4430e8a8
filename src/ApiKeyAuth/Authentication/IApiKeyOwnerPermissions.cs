using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Authentication;

/// <summary>Provides the current permissions of the owner of a personal key. It is called for each request with such a key.</summary>
/// <remarks>
/// A personal key never has permissions that its owner does not have. Apps with personal keys must register an implementation, which can
/// have any service lifetime. It is resolved from the services of the request. If it throws, or takes longer than
/// <c>Cache:StoreTimeout</c>, the request is rejected with 503. While a personal key has open connections, the method is called once per
/// lease (<c>Backplane:Lease</c>), from a separate scope without a request.
/// </remarks>
public interface IApiKeyOwnerPermissions
{
    /// <summary>Returns the scopes of the owner. They can contain wildcards. The scopes that they imply are added automatically.</summary>
    /// <param name="ownerId">The owner of the key.</param>
    /// <param name="tenantId">The tenant of the key, or null.</param>
    /// <param name="cancellationToken">The token that is canceled if the call takes too long or the request is aborted.</param>
    /// <returns>The scopes, or null if the owner does not exist or is disabled. Null makes the key invalid immediately.</returns>
    ValueTask<ScopeSet?> GetAsync(string ownerId, string? tenantId, CancellationToken cancellationToken);
}
