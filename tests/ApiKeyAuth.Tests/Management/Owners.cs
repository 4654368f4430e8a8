using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Provides the permissions of owners, as a test sets them.</summary>
internal sealed class Owners : IApiKeyOwnerPermissions
{
    /// <summary>Gets or sets the permissions of every owner; null if the owner does not exist.</summary>
    public ScopeSet? Scopes { get; set; } = ScopeSet.Create(["*"]);

    public bool IsDown { get; set; }

    public bool Hangs { get; set; }

    public (string Owner, string? Tenant) Asked { get; private set; }

    public async ValueTask<ScopeSet?> GetAsync(string ownerId, string? tenantId, CancellationToken cancellationToken)
    {
        Asked = (ownerId, tenantId);
        if (Hangs)
        {
            // Ignores its token.
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }

        return IsDown ? throw new InvalidOperationException(SwitchedStore.Secret) : Scopes;
    }
}
