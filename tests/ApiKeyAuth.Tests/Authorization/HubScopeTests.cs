using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ApiKeyAuth.Tests.Authorization;

/// <summary>Scopes on hubs and hub methods, over real connections.</summary>
public sealed class HubScopeTests
{
    [TestCase("a", null)]
    [TestCase("b", "status code '403'")]
    [TestCase(null, "status code '401'")]
    public async Task Hub_Scope_AcceptsKeysThatHoldIt(string? scopes, string? error)
    {
        await using var app = await StartAsync();
        await using var connection = Connect(app, scopes is null ? null : await app.KeyAsync(scopes));
        if (error is null)
        {
            await connection.StartAsync();
            Assert.That(await connection.InvokeAsync<string>(nameof(ScopedHub.Open)), Is.EqualTo("key1"));
        }
        else
        {
            Assert.That(() => connection.StartAsync(), Throws.Exception.With.Message.Contains(error));
        }
    }

    [TestCase("a", nameof(ScopedHub.Open), true)]
    [TestCase("a", nameof(ScopedHub.NeedsB), false)]
    [TestCase("a b", nameof(ScopedHub.NeedsB), true)]
    [TestCase("a b", nameof(ScopedHub.NeedsBAndC), false)]
    [TestCase("a b c", nameof(ScopedHub.NeedsBAndC), true)]
    [TestCase("a", nameof(ScopedHub.NeedsPolicy), false)]
    [TestCase("a c", nameof(ScopedHub.NeedsPolicy), true)]
    [TestCase("*", nameof(ScopedHub.NeedsBAndC), true)]
    public async Task HubMethod_Scope_AcceptsKeysThatHoldIt(string scopes, string method, bool admitted)
    {
        await using var app = await StartAsync();
        await using var connection = Connect(app, await app.KeyAsync(scopes));
        await connection.StartAsync();
        Assert.That(
            () => connection.InvokeAsync<string>(method),
            admitted ? Is.EqualTo("key1") : Throws.TypeOf<HubException>().With.Message.Contains("user is unauthorized"));
    }

    [Test]
    public async Task HubMethods_OfAConnectionWithoutAKey_AreRejectedIndividually()
    {
        await using var app = await StartAsync();
        await using var connection = Connect(app, null, "/anonymous");
        await connection.StartAsync();
        Assert.That(await connection.InvokeAsync<string>(nameof(AnonymousHub.Open)), Is.EqualTo("open"));
        Assert.That(() => connection.InvokeAsync<string>(nameof(AnonymousHub.NeedsA)), Throws.TypeOf<HubException>());
    }

    [Test]
    public async Task Messages_OfAnOpenConnection_AreNotCounted()
    {
        await using var app = await StartAsync();
        var secret = await app.IssueAsync(key => key with { Scopes = TestApp.Scopes("a"), RateLimits = RateLimit.ParseList("2/hour") });
        await using var connection = Connect(app, secret);
        await connection.StartAsync();
        for (var message = 0; message < 5; message++)
        {
            Assert.That(await connection.InvokeAsync<string>(nameof(ScopedHub.Open)), Is.EqualTo("key1"));
        }

        // Only the request that opened the connection was counted.
        Assert.That((int)(await app.GetAsync("/counted", secret)).StatusCode, Is.EqualTo(200));
        Assert.That((int)(await app.GetAsync("/counted", secret)).StatusCode, Is.EqualTo(429));
    }

    [Test]
    public async Task Connection_OfAKeyThatExpires_IsClosed()
    {
        // SignalR uses the system clock, so the key has to use it too.
        await using var app = await StartAsync(TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow();
        await using var lasting = Connect(
            app, await app.IssueAsync(key => key with { Scopes = TestApp.Scopes("a"), ExpiresAt = new ApiKeyExpiry(now.AddDays(1)) }));
        await lasting.StartAsync();
        Assert.That(await lasting.InvokeAsync<string>(nameof(ScopedHub.Open)), Is.EqualTo("key1"));

        // Time enough to connect, on any machine: the first connection, which took longer, is the measure.
        var connected = TimeProvider.System.GetUtcNow();
        var expiry = connected.AddSeconds(Math.Min(2 + (10 * (connected - now).TotalSeconds), 20));
        await using var ending = Connect(
            app, await app.IssueAsync(key => key with { Scopes = TestApp.Scopes("a"), ExpiresAt = new ApiKeyExpiry(expiry) }));
        var closed = new TaskCompletionSource();
        ending.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await ending.StartAsync();
        Assert.That(await ending.InvokeAsync<string>(nameof(ScopedHub.Open)), Is.EqualTo("key2"));
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.That(ending.State, Is.EqualTo(HubConnectionState.Disconnected));
        Assert.That(await lasting.InvokeAsync<string>(nameof(ScopedHub.Open)), Is.EqualTo("key1"));
    }

    private static HubConnection Connect(TestApp app, string? secret, string path = "/hub") => new HubConnectionBuilder()
        .WithUrl(new Uri(app.Client.BaseAddress!, path), options =>
        {
            // Without negotiation, one request opens the connection.
            options.SkipNegotiation = path == "/hub";
            options.Transports = HttpTransportType.WebSockets;
            options.AccessTokenProvider = () => Task.FromResult(secret);
        })
        .Build();

    private static Task<TestApp> StartAsync(TimeProvider? clock = null) => TestApp.StartAsync(
        web =>
        {
            web.MapHub<ScopedHub>("/hub", options => options.CloseOnAuthenticationExpiration = true);
            web.MapHub<AnonymousHub>("/anonymous");
            web.MapGet("/counted", () => "in").RequireAuthorization();
        },
        services: services =>
        {
            services.AddSignalR();
            services.AddAuthorizationBuilder().AddPolicy("C", policy => policy.RequireScope("c"));
        },
        clock: clock);

    [RequireScope("a")]
    private sealed class ScopedHub : Hub
    {
        public string? Open() => Context.User!.FindFirst("api_key_id")?.Value;

        [RequireScope("b")]
        public string? NeedsB() => Open();

        [RequireScope("b")]
        [RequireScope("c")]
        public string? NeedsBAndC() => Open();

        [Microsoft.AspNetCore.Authorization.Authorize("C")]
        public string? NeedsPolicy() => Open();
    }

    private sealed class AnonymousHub : Hub
    {
        public string Open() => Context.User!.Identity!.IsAuthenticated ? "known" : "open";

        [RequireScope("a")]
        public string NeedsA() => Open();
    }
}
