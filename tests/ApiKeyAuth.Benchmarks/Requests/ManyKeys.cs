using System.Net;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Benchmarks.Requests;

/// <summary>
/// Represents a store that creates keys on demand. It takes little memory, so that the memory of the cache can be measured.
/// </summary>
internal sealed class ManyKeys : IApiKeyStore, IApiKeyUsageStore
{
    private readonly Dictionary<ApiKeyHash, int> _numbers;

    public ManyKeys(ApiKeyFormat format, ApiKeyHasher hasher, int stored, int secretCount)
    {
        _numbers = new Dictionary<ApiKeyHash, int>(stored);
        Secrets = new string[secretCount];
        for (var i = 0; i < stored; i++)
        {
            var secret = format.Generate("live");
            _numbers.Add(hasher.Hash(secret), i);
            if (i < secretCount)
            {
                Secrets[i] = secret;
            }
        }
    }

    /// <summary>Gets the secrets of the first keys.</summary>
    public string[] Secrets { get; }

    /// <summary>Creates a key that uses all features.</summary>
    public static ApiKey Key(string id, ApiKeyHash hash, string limit) => new()
    {
        Id = id,
        Name = "Benchmark",
        TenantId = "tenant",
        Environment = "live",
        OwnerId = "owner",
        Scopes = ScopeSet.Create(["orders:read"]),
        RateLimits = RateLimit.ParseList(limit),
        Networks = [IPNetwork.Parse("127.0.0.0/8")],
        Audiences = ["orders"],
        ExpiresAt = new ApiKeyExpiry(TimeProvider.System.GetUtcNow().AddDays(1)),
        Secrets = [new ApiKeySecret { Hash = hash }],
    };

    public ValueTask<ApiKey?> FindAsync(IReadOnlyList<ApiKeyHash> hashes, CancellationToken cancellationToken) =>
        new(_numbers.TryGetValue(hashes[0], out var number) ? Key($"key_{number}", hashes[0], "1000000000/hour") : null);

    public ValueTask AddUsageAsync(ApiKeyUsageBatch batch, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<ApiKeyUsageHistory> GetUsageAsync(ApiKeyUsageFilter filter, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<ApiKeyUsageOrigins> GetUsageOriginsAsync(
        ApiKeyUsageFilter filter,
        IReadOnlyCollection<string> countries,
        IReadOnlyCollection<string> networks,
        CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<bool> RollUpUsageAsync(ApiKeyUsageRetention retention, CancellationToken cancellationToken) => new(false);
}
