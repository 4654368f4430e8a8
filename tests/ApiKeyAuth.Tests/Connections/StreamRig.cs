using System.Net;
using ApiKeyAuth.Authentication;
using ApiKeyAuth.Authentication.Owners;
using ApiKeyAuth.Backplane;
using ApiKeyAuth.Caching;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Connections;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Internal;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.Caching;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.Connections;

/// <summary>Represents the monitor with a real cache and loader, a fake clock, and requests without a server.</summary>
internal sealed class StreamRig : IDisposable
{
    private readonly ServiceProvider _services;

    public StreamRig(IApiKeyStore store, bool hasBackplane = false, ApiKeyCacheOptions? options = null, ApiKeyHasher? hasher = null)
    {
        var services = new ServiceCollection();
        services.AddMetrics().AddLogging(logging => logging.AddProvider(Log)).AddOptions();
        services.AddSingleton<TimeProvider>(Clock).AddSingleton(new ApiKeyBackplaneOptions());
        services.AddSingleton(options ?? new ApiKeyCacheOptions());
        services.AddSingleton(hasher ?? new ApiKeyHasher([])).AddSingleton(ScopeCatalog.Empty);
        Lease = hasBackplane ? new CacheLease(TimeSpan.FromSeconds(5), Clock) : new CacheLease();
        services.AddSingleton<ApiKeyMetrics>().AddSingleton<ApiKeyLoader>().AddSingleton(Lease).AddSingleton<ApiKeyCache>();
        services.AddSingleton<ApiKeyVerifier>().AddSingleton<OwnerPermissionEvaluator>().AddSingleton(store);
        services.AddAuthorization();
        StreamRegistration.Add(services, _ => (_, code, _) => Counted.Add(code), _ => (_, _) => { });
        _services = services.BuildServiceProvider();
    }

    public TimerClock Clock { get; } = new();

    public LogCapture Log { get; } = new();

    public CacheLease Lease { get; }

    /// <summary>Gets the error codes under which ended connections were counted.</summary>
    public System.Collections.Concurrent.ConcurrentBag<string> Counted { get; } = [];

    public ApiKeyCache Cache => _services.GetRequiredService<ApiKeyCache>();

    public OpenStreams Streams => _services.GetRequiredService<OpenStreams>();

    public StreamMonitor Monitor => _services.GetRequiredService<StreamMonitor>();

    /// <summary>Authenticates a secret like a request, and opens a connection with it.</summary>
    public async Task<OpenStream> OpenAsync(string secret, FakeRequest? request = null)
    {
        var lookup = await CacheRig.FindAsync(Cache, Clock, secret);
        return Open(lookup.Key!, request ?? new FakeRequest());
    }

    public OpenStream Open(VerifiedApiKey verified, FakeRequest request)
    {
        var stream = new OpenStream(verified, [], IPAddress.Loopback, null, request.Context);
        Monitor.Open(stream);
        return stream;
    }

    /// <summary>Waits until a key is confirmed at the current time of the clock.</summary>
    public Task ConfirmedAsync(string keyId) =>
        Eventually.IsTrueAsync(() => Streams.Find(keyId) is { } key && key.IsConfirmed(Clock.GetTimestamp(), isLeaseHeld: true));

    /// <summary>Advances the clock sweep by sweep, and waits each time until the key is confirmed.</summary>
    public async Task PassAsync(TimeSpan time, string keyId)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1.25))
        {
            Clock.Advance(TimeSpan.FromSeconds(1.25));
            await ConfirmedAsync(keyId);
        }
    }

    public void Dispose() => _services.Dispose();

    /// <summary>Represents a request that records whether it was aborted.</summary>
    internal sealed class FakeRequest : IHttpRequestLifetimeFeature
    {
        public FakeRequest()
        {
            Context = new DefaultHttpContext();
            Context.Features.Set<IHttpRequestLifetimeFeature>(this);
        }

        public HttpContext Context { get; }

        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }
}
