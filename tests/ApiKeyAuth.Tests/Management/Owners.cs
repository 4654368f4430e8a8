using ApiKeyAuth.Authentication;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Management;

/// <summary>What owners may do, as a test says.</summary>
internal sealed class Owners : IApiKeyOwnerPermissions
{
    /// <summary>What every owner may do; null where he is gone.</summary>
    public ScopeSet? Scopes { get; set; } = ScopeSet.Create(["*"]);

    public bool IsDown { get; set; }

    public bool Hangs { get; set; }

    public (string Owner, string? Tenant) Asked { get; private set; }

    public async ValueTask<ScopeSet?> GetAsync(string ownerId, string? tenantId, CancellationToken cancellationToken)
    {
        Asked = (ownerId, tenantId);
        if (Hangs)
        {
            // It ignores its token.
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }

        return IsDown ? throw new InvalidOperationException(SwitchedStore.Secret) : Scopes;
    }
}
