using ApiKeyAuth.Caching;
using ApiKeyAuth.Caching.Loading;
using ApiKeyAuth.Diagnostics;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Hashes;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Tests.Caching;

/// <summary>Provides the cache and the loader as they are registered in an app, with a fake clock and a captured log.</summary>
internal sealed class CacheRig : IDisposable
{
    private readonly ServiceProvider _services;

    public CacheRig(params IApiKeyStore[] stores)
        : this(new ApiKeyCacheOptions(), stores)
    {
    }

    public CacheRig(ApiKeyCacheOptions options, params IApiKeyStore[] stores)
        : this(services => Array.ForEach(stores, store => services.AddSingleton(store)), options)
    {
    }

    public CacheRig(
        Action<IServiceCollection> configure,
        ApiKeyCacheOptions? options = null,
        ApiKeyHasher? hasher = null,
        ScopeCatalog? catalog = null)
    {
        var services = new ServiceCollection();
        services.AddMetrics().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        services.AddSingleton<TimeProvider>(Clock).AddSingleton(options ?? new ApiKeyCacheOptions());
        services.AddSingleton(hasher ?? new ApiKeyHasher([])).AddSingleton(catalog ?? ScopeCatalog.Empty);
        services.AddSingleton<ApiKeyMetrics>().AddSingleton<ApiKeyLoader>().AddSingleton(new CacheLease()).AddSingleton<ApiKeyCache>();
        configure(services);
        _services = services.BuildServiceProvider();
        Cache = _services.GetRequiredService<ApiKeyCache>();
    }

    public TimerClock Clock { get; } = new();

    public LogCapture Log { get; } = new();

    public ApiKeyCache Cache { get; }

    public IServiceProvider Services => _services;

    /// <summary>Creates a key with secrets that are hashed without a pepper.</summary>
    public static ApiKey Key(string id, params string[] secrets) =>
        new() { Id = id, Secrets = [.. secrets.Select(secret => new ApiKeySecret { Hash = new ApiKeyHasher([]).Hash(secret) })] };

    public Task<ApiKeyLookupResult> FindAsync(string secret, CancellationToken cancellationToken = default) =>
        FindAsync(Cache, Clock, secret, cancellationToken);

    /// <summary>Finds a key as the library does for a request.</summary>
    public static Task<ApiKeyLookupResult> FindAsync(
        ApiKeyCache cache, TimeProvider clock, string secret, CancellationToken cancellationToken = default)
    {
        var tag = SecretTag.Compute(secret);
        return cache.TryGet(tag, clock.GetTimestamp(), out var lookup)
            ? Task.FromResult(lookup)
            : cache.LoadAsync(tag, new SecretDigests(ApiKeyHasher.ComputeDigest(secret)), cancellationToken);
    }

    /// <summary>Finds a key whose lookup completes soon, and describes the result.</summary>
    public async Task<string> OutcomeAsync(string secret) => Describe(await FindAsync(secret).WaitAsync(Eventually.Deadline));

    public static string Describe(ApiKeyLookupResult lookup) =>
        lookup.Key?.Key.Id ?? (lookup.IsUnavailable ? "unavailable" : "unknown");

    public void Dispose() => _services.Dispose();
}
