using System.Net;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;

namespace ApiKeyAuth.Tests.Connections;

/// <summary>
/// Tests that an open connection of any kind ends when its key no longer allows it, and that connections of other keys stay open.
/// </summary>
[TestFixtureSource(nameof(Kinds))]
public sealed class OpenConnectionTests(StreamKind kind)
{
    private StreamApp _app = null!;

    public static StreamKind[] Kinds { get; } = Enum.GetValues<StreamKind>();

    [OneTimeSetUp]
    public async Task StartAsync() => _app = await StreamApp.StartAsync(kind);

    [OneTimeTearDown]
    public async Task StopAsync() => await _app.DisposeAsync();

    [TestCase("revoke")]
    [TestCase("delete")]
    [TestCase("disable")]
    [TestCase("narrow the scopes")]
    [TestCase("narrow the networks")]
    [TestCase("narrow the audiences")]
    [TestCase("remove the secret")]
    public async Task Change_RemovesRights_EndsTheConnection(string change)
    {
        var (id, secret) = await _app.IssueAsync();
        await AssertOnlyThisEndsAsync(secret, () => _app.App.ChangeAsync(change switch
        {
            "revoke" => key => key with { RevokedAt = _app.App.Clock.GetUtcNow() },
            "delete" => null,
            "disable" => key => key with { Enabled = false },
            "narrow the scopes" => key => key with { Scopes = TestApp.Scopes("b") },
            "narrow the networks" => key => key with { Networks = [IPNetwork.Parse("192.0.2.0/24")] },
            "narrow the audiences" => key => key with { Audiences = ["elsewhere"] },
            _ => key => key with { Secrets = [_app.App.Hashed(_app.App.NewSecret())] },
        }, id));
    }

    [TestCase("extend the scopes")]
    [TestCase("narrow the scopes to what the endpoint requires")]
    [TestCase("narrow the networks to one with the caller")]
    [TestCase("rename")]
    [TestCase("add a secret")]
    public async Task Change_KeepsTheRequiredRights_KeepsTheConnection(string change)
    {
        var (id, secret) = await _app.IssueAsync();
        await using var client = await _app.OpenAsync(secret);
        await _app.App.ChangeAsync(
            change switch
            {
                "extend the scopes" => key => key with { Scopes = TestApp.Scopes("*") },
                "narrow the scopes to what the endpoint requires" => key => key with { Scopes = TestApp.Scopes("a") },
                "narrow the networks to one with the caller" => key => key with { Networks = [IPNetwork.Parse("127.0.0.0/8")] },
                "rename" => key => key with { Name = "another name" },
                _ => key => key with { Secrets = [_app.App.Hashed(_app.App.NewSecret()), .. key.Secrets] },
            },
            id);
        await ConfirmedAsync(id);
        await client.ExchangeAsync();
        Assert.That(client.Closed.IsCompleted, Is.False);
    }

    [Test]
    public async Task Time_KeyExpires_EndsTheConnection()
    {
        var expiry = new ApiKeyExpiry(_app.App.Clock.GetUtcNow().AddSeconds(10));
        var (_, secret) = await _app.IssueAsync(key => key with { ExpiresAt = expiry });
        await AssertOnlyThisEndsAsync(secret, AdvanceAsync(12));
    }

    [Test]
    public async Task Time_KeyIsNotUsed_EndsTheConnection()
    {
        var unused = _app.App.Clock.GetUtcNow().AddDays(-1) - ApiKey.IdleTolerance;
        var (_, secret) = await _app.IssueAsync(key => key with { CreatedAt = unused.AddSeconds(10), ExpiresAfterIdleDays = 1 });
        await AssertOnlyThisEndsAsync(secret, async () =>
        {
            // Only the store knows when the key was last used, and the request that opened the connection is a use.
            await AdvanceAsync(12)();
            _app.App.Clock.Advance(TimeSpan.FromDays(1) + ApiKey.IdleTolerance);
        });
    }

    [Test]
    public async Task Change_PostponesTheStart_EndsTheConnection()
    {
        var (id, secret) = await _app.IssueAsync();
        await AssertOnlyThisEndsAsync(
            secret, () => _app.App.ChangeAsync(key => key with { NotBefore = _app.App.Clock.GetUtcNow().AddDays(1) }, id));
    }

    [Test]
    public async Task Time_SecretInUseExpires_EndsTheConnection()
    {
        var (_, secret) = await _app.IssueAsync(key => key with
        {
            Secrets = [.. key.Secrets.Select(secret => secret with { ExpiresAt = _app.App.Clock.GetUtcNow().AddSeconds(10) })],
        });
        await AssertOnlyThisEndsAsync(secret, AdvanceAsync(12));
    }

    [Test]
    public async Task Change_ShortensTheExpiry_EndsTheConnection()
    {
        var (id, secret) = await _app.IssueAsync();
        await AssertOnlyThisEndsAsync(secret, async () =>
        {
            await _app.App.ChangeAsync(key => key with { ExpiresAt = new ApiKeyExpiry(_app.App.Clock.GetUtcNow().AddSeconds(5)) }, id);
            await ConfirmedAsync(id);
            _app.App.Clock.Advance(TimeSpan.FromSeconds(7));
        });
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Owner_DeletedOrWithoutTheScope_EndsTheConnectionOfAPersonalKey(bool isDeleted)
    {
        var (_, secret) = await _app.IssueAsync(key => key with { Kind = ApiKeyKinds.Personal, OwnerId = "u1" });
        try
        {
            await AssertOnlyThisEndsAsync(secret, () =>
            {
                _app.Owners.Scopes = isDeleted ? null : TestApp.Scopes("b");
                return AdvanceAsync(4)();
            });
        }
        finally
        {
            _app.Owners.Scopes = TestApp.Scopes("*");
        }
    }

    [Test]
    public async Task Change_InTheStoreOnly_EndsTheConnectionWithinTheCacheLifetime()
    {
        var (id, secret) = await _app.IssueAsync();
        await AssertOnlyThisEndsAsync(secret, async () =>
        {
            var key = await _app.Store.Inner.GetAsync(id, CancellationToken.None);
            await _app.ChangeInStoreOnlyAsync(key! with { Enabled = false });
            _app.App.Clock.Advance(TimeSpan.FromSeconds(60));
        });
    }

    [Test]
    public async Task Close_ByTheClient_RemovesTheConnection()
    {
        var (id, secret) = await _app.IssueAsync();
        var client = await _app.OpenAsync(secret);
        Assert.That(_app.Streams.Find(id)?.Snapshot(), Has.Count.EqualTo(1));
        await client.DisposeAsync();
        await Eventually.IsTrueAsync(() => _app.Streams.Find(id) is null);
    }

    private Func<Task> AdvanceAsync(int seconds) => () =>
    {
        _app.App.Clock.Advance(TimeSpan.FromSeconds(seconds));
        return Task.CompletedTask;
    };

    private Task ConfirmedAsync(string id) => Eventually.IsTrueAsync(
        () => _app.Streams.Find(id) is { } key && key.IsConfirmed(_app.App.Clock.GetTimestamp(), isLeaseHeld: true));

    private async Task AssertOnlyThisEndsAsync(string secret, Func<Task> change)
    {
        await using var client = await _app.OpenAsync(secret);
        await using var other = await _app.OpenAsync((await _app.IssueAsync()).Secret);
        await change();
        await client.Closed.WaitAsync(Eventually.Deadline);
        await other.ExchangeAsync();
        Assert.That(other.Closed.IsCompleted, Is.False);
    }
}
