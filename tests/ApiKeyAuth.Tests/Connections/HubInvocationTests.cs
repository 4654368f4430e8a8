using ApiKeyAuth.Caching;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Connections;

/// <summary>Tests hub invocations over a connection whose key was changed.</summary>
public sealed class HubInvocationTests
{
    [Test]
    public async Task Invoke_RevocationNotYetConfirmed_DoesNotReachTheHub()
    {
        await using var app = await StreamApp.StartAsync(StreamKind.HubOverWebSockets);
        var (id, secret) = await app.IssueAsync();
        await using var connection = app.Connect(secret);
        await connection.StartAsync();
        await connection.InvokeAsync<string>(nameof(StreamHub.Ping));
        var key = await app.Store.Inner.GetAsync(id, CancellationToken.None);
        await app.ChangeInStoreOnlyAsync(key! with { Enabled = false });
        app.Store.IsDown = true;
        app.App.Services.GetRequiredService<IApiKeyCache>().Invalidate(id);
        var invocation = connection.InvokeAsync<string>(nameof(StreamHub.Ping));
        app.Store.IsDown = false;
        while (!invocation.IsCompleted)
        {
            // A sweep reads the key again.
            app.App.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(invocation, Task.Delay(20));
        }

        Assert.That(invocation.IsCompletedSuccessfully, Is.False);
        Assert.That(app.App.Services.GetRequiredService<StreamHub.Calls>().Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Invoke_UnchangedKeyIsBeingConfirmed_Succeeds()
    {
        await using var app = await StreamApp.StartAsync(StreamKind.HubOverWebSockets);
        var (id, secret) = await app.IssueAsync();
        await using var connection = app.Connect(secret);
        await connection.StartAsync();
        for (var round = 0; round < 20; round++)
        {
            app.App.Services.GetRequiredService<IApiKeyCache>().Invalidate(id);
            Assert.That(await connection.InvokeAsync<string>(nameof(StreamHub.Ping)), Is.EqualTo("pong"));
        }
    }

    [Test]
    public async Task Invoke_ScopeOfTheMethodWasRemoved_FailsOnTheOpenConnection()
    {
        await using var app = await StreamApp.StartAsync(StreamKind.HubOverWebSockets);
        var (id, secret) = await app.IssueAsync();
        await using var connection = app.Connect(secret);
        await connection.StartAsync();
        Assert.That(await connection.InvokeAsync<string>(nameof(StreamHub.NeedsB)), Is.EqualTo("pong"));
        await app.App.ChangeAsync(key => key with { Scopes = TestApp.Scopes("a") }, id);
        Assert.That(
            () => connection.InvokeAsync<string>(nameof(StreamHub.NeedsB)),
            Throws.TypeOf<HubException>().With.Message.Contains("user is unauthorized"));
        Assert.That(await connection.InvokeAsync<string>(nameof(StreamHub.Ping)), Is.EqualTo("pong"));
        await app.App.ChangeAsync(key => key with { Scopes = TestApp.Scopes("a", "b") }, id);
        Assert.That(await connection.InvokeAsync<string>(nameof(StreamHub.NeedsB)), Is.EqualTo("pong"));
    }

    [TestCase(HttpTransportType.WebSockets)]
    [TestCase(HttpTransportType.LongPolling)]
    public async Task Connection_IdentityCreatedByTheApp_EndsWithTheKey(HttpTransportType transport)
    {
        await using var app = await StreamApp.StartAsync(
            StreamKind.HubOverWebSockets,
            keys: auth => auth.Services.AddSingleton<Microsoft.AspNetCore.Authentication.IClaimsTransformation, OwnIdentities>());
        var (id, secret) = await app.IssueAsync();
        await using var connection = app.Connect(secret, transport);
        var closed = new TaskCompletionSource();
        connection.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await connection.StartAsync();
        Assert.That(await connection.InvokeAsync<string>(nameof(StreamHub.Ping)), Is.EqualTo("pong"));
        await app.App.ChangeAsync(null, id);
        await closed.Task.WaitAsync(Eventually.Deadline);
        await Eventually.IsTrueAsync(() => app.Streams.IsEmpty);
    }

    /// <summary>Replaces the identity of the key with one that has the same claims.</summary>
    private sealed class OwnIdentities : Microsoft.AspNetCore.Authentication.IClaimsTransformation
    {
        public Task<System.Security.Claims.ClaimsPrincipal> TransformAsync(System.Security.Claims.ClaimsPrincipal principal) =>
            Task.FromResult(new System.Security.Claims.ClaimsPrincipal(
                new System.Security.Claims.ClaimsIdentity(principal.Claims.Select(claim => claim.Clone()), "own")));
    }
}
