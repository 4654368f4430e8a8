using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>Tests the caller that is limited to their own personal keys.</summary>
public sealed class OwnKeysCallerTests
{
    [Test]
    public void ToOwnKeysOnly_Manager_LosesTheRightsOverOthers()
    {
        var manager = ApiKeyCaller.User("ada", "acme", ScopeSet.Create(["invoices:read"]));
        var limited = manager.ToOwnKeysOnly();

        Assert.That(
            (limited.Actor, limited.TenantId, limited.UserId, limited.IsLimitedToOwnKeys, limited.ManagesOthers, limited.MayCrossTenants),
            Is.EqualTo(("user:ada", "acme", "ada", true, false, false)));
        Assert.That(limited.Grantable, Is.EqualTo(manager.Grantable));
        Assert.That((manager.IsLimitedToOwnKeys, manager.ManagesOthers), Is.EqualTo((false, true)));
    }

    [Test]
    public void ToOwnKeysOnly_CallerWithoutAUser_Throws() =>
        Assert.That(
            () => ApiKeyCaller.System.ToOwnKeysOnly(),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "The caller system does not act as a user, so it has no personal keys of its own."));
}
