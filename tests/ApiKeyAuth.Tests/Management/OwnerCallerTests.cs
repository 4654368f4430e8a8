using ApiKeyAuth.Alerts;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Management;

/// <summary>Tests callers that are limited to the keys of one owner, such as a project.</summary>
public sealed class OwnerCallerTests
{
    private static readonly ApiKeyCaller User = ApiKeyCaller.User("u1", null, ScopeSet.Create(["*"]));
    private static readonly ApiKeyCaller Project = User.ToKeysOf("project-1").WithAudience("eu");

    private ManagedApp _app = null!;

    [SetUp]
    public async Task StartAsync() => _app = await ManagedApp.StartAsync();

    [TearDown]
    public ValueTask StopAsync() => _app.DisposeAsync();

    [Test]
    public async Task Create_WithoutOwnerAndAudience_HasThoseOfTheCaller()
    {
        var created = await CreateAsync(new NewApiKey { Name = "n" });

        Assert.That((created.Value!.Key.OwnerId, created.Value.Key.Kind), Is.EqualTo(("project-1", ApiKeyKinds.Service)));
        Assert.That(created.Value.Key.Audiences, Is.EqualTo(new[] { "eu" }));
    }

    [TestCase("project-2", "eu", "The caller may only create keys of one owner; omit ownerId")]
    [TestCase("u1", "eu", "The caller may only create keys of one owner; omit ownerId")]
    [TestCase("project-1", "us", "The audiences of the key would exceed those of the caller")]
    public async Task Create_WithAnotherOwnerOrAudience_IsForbidden(string owner, string audience, string message)
    {
        var error = (await CreateAsync(new NewApiKey { Name = "n", OwnerId = owner, Audiences = [audience] })).Error!;
        Assert.That((error.StatusCode, error.Message), Is.EqualTo((403, message)));
    }

    [Test]
    public async Task Create_CallerWhoManagesNoOthers_IsForbidden()
    {
        var caller = ApiKeyCaller.User("u1", null, ScopeSet.Create(["*"]), isLimitedToOwnKeys: true);

        Assert.That(() => caller.ToKeysOf("project-1"), Throws.InvalidOperationException);
        Assert.That(() => Project.ToOwnKeysOnly(), Throws.InvalidOperationException);
        Assert.That(() => Project.ToKeysOf("project-2"), Throws.InvalidOperationException);
        Assert.That(() => Project.WithAudience("us"), Throws.InvalidOperationException);
        Assert.That(caller.ToKeysOf("u1").IsLimitedToOwnKeys);
        var error = (await CreateAsync(new NewApiKey { Name = "n" }, caller.ToKeysOf("u1"))).Error!;
        Assert.That(error.Message, Does.Contain("this app does not support personal keys"));
    }

    [Test]
    public async Task Key_OfAnotherOwner_ReadsLikeNone()
    {
        var other = (await CreateAsync(new NewApiKey { Name = "other" }, User.ToKeysOf("project-2"))).Value!.Key;

        await AssertNotFoundAsync(keys => keys.GetAsync(Project, other.Id));
        await AssertNotFoundAsync(keys => keys.UpdateAsync(Project, other.Id, new ApiKeyPatch { Name = "mine" }));
        await AssertNotFoundAsync(keys => keys.RotateAsync(Project, other.Id, new ApiKeyRotation()));
        await AssertNotFoundAsync(keys => keys.RevokeAsync(Project, other.Id));
        await AssertNotFoundAsync(keys => keys.ListAuditAsync(Project, new ApiKeyAuditListRequest { KeyId = other.Id }));
        Assert.That((await _app.ManageAsync(keys => keys.DeleteAsync(Project, other.Id))).Error!.StatusCode, Is.EqualTo(404));
        Assert.That((await _app.ManageAsync(keys => keys.GetAsync(User, other.Id))).Value!.Version, Is.EqualTo(1));
    }

    [Test]
    public async Task List_AnyFilter_HasTheKeysOfTheOwnerOnly()
    {
        var mine = (await CreateAsync(new NewApiKey { Name = "mine" })).Value!.Key;
        await CreateAsync(new NewApiKey { Name = "other" }, User.ToKeysOf("project-2"));

        foreach (var owner in new[] { null, "project-1", "project-2" })
        {
            var list = await _app.ManageAsync(keys =>
                keys.ListAsync(Project, new ApiKeyListRequest { OwnerId = owner, IncludeTotal = true }));
            Assert.That((list.Value!.Keys.Single().Id, list.Value.Total), Is.EqualTo((mine.Id, 1)));
        }
    }

    [Test]
    public async Task TenantWideData_OfAnOwnersCaller_IsForbidden()
    {
        var key = (await CreateAsync(new NewApiKey { Name = "mine" })).Value!.Key;
        await using var scope = _app.App.Services.CreateAsyncScope();
        var alerts = scope.ServiceProvider.GetRequiredService<ApiKeyAlertSettingsService>();

        Assert.That((await alerts.GetAsync(Project)).Error!.StatusCode, Is.EqualTo(403));
        Assert.That((await alerts.GetAsync(Project, ApiKeyAlertSubject.Key(key.Id))).Succeeded);
        var audit = await _app.ManageAsync(keys => keys.ListAuditAsync(Project, new ApiKeyAuditListRequest()));
        Assert.That(audit.Error!.StatusCode, Is.EqualTo(403));
        var own = await _app.ManageAsync(keys => keys.ListAuditAsync(Project, new ApiKeyAuditListRequest { KeyId = key.Id }));
        Assert.That(own.Value!.Entries, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Purge_OfAnOwnersCaller_KeepsTheKeysOfOthers()
    {
        var other = (await CreateAsync(new NewApiKey { Name = "other", ExpiresInDays = 1 }, User.ToKeysOf("project-2"))).Value!.Key;
        var mine = (await CreateAsync(new NewApiKey { Name = "mine", ExpiresInDays = 1 })).Value!.Key;
        _app.App.Clock.Advance(TimeSpan.FromDays(3));

        await _app.ManageAsync(keys => keys.PurgeAsync(Project, _app.App.Clock.GetUtcNow()));

        Assert.That((await _app.ManageAsync(keys => keys.GetAsync(User, other.Id))).Succeeded);
        Assert.That((await _app.ManageAsync(keys => keys.GetAsync(User, mine.Id))).Error!.StatusCode, Is.EqualTo(404));
    }

    private Task<ApiKeyResult<IssuedApiKey>> CreateAsync(NewApiKey key, ApiKeyCaller? caller = null) =>
        _app.ManageAsync(keys => keys.CreateAsync(caller ?? Project, key));

    private async Task AssertNotFoundAsync<T>(Func<ApiKeyManager, Task<ApiKeyResult<T>>> act)
        where T : class =>
        Assert.That((await _app.ManageAsync(act)).Error!.StatusCode, Is.EqualTo(404));
}
