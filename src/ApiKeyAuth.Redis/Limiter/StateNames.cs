using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Creates the Redis keys of states. States that a script changes together have the same hash tag, so they share a slot.</summary>
internal sealed class StateNames(string prefix)
{
    /// <summary>Gets the key that a probe of the server writes.</summary>
    public RedisKey Probe => prefix + "limit:probe";

    /// <summary>Creates keys for the probe of calls with several keys.</summary>
    public RedisKey[] CreateMultiKeyProbes(int count)
    {
        var probe = Guid.NewGuid();
        return [.. Enumerable.Range(0, count).Select(number => (RedisKey)$"{prefix}limit:multikey:{probe:N}:{number}")];
    }

    public RedisKey ForKey(string keyId) => $"{prefix}limit:{{{Escape(keyId)}}}";

    public RedisKey ForTenant(string tenantId) => $"{prefix}limit:tenant:{{{Escape(tenantId)}}}";

    public RedisKey ForKeyInTenant(string tenantId, string keyId) => $"{prefix}limit:tenant:{{{Escape(tenantId)}}}:{Escape(keyId)}";

    // The app chooses the IDs, and a brace in one must not change the hash tag.
    private static string Escape(string id) =>
        id.AsSpan().IndexOfAny('{', '}', '%') < 0 ? id
            : id.Replace("%", "%25", StringComparison.Ordinal)
                .Replace("{", "%7B", StringComparison.Ordinal)
                .Replace("}", "%7D", StringComparison.Ordinal);
}
