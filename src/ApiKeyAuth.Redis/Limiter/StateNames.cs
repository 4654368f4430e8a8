using StackExchange.Redis;

namespace ApiKeyAuth.Redis.Limiter;

/// <summary>Names the states. What a script changes together has the same part in braces, by which a cluster chooses where it lives.</summary>
internal sealed class StateNames(string prefix)
{
    /// <summary>The state that a trial of Redis writes to.</summary>
    public RedisKey Probe => prefix + "limit:trial";

    /// <summary>The count of one race at start.</summary>
    public RedisKey AtomicityProbe => $"{prefix}limit:race:{Guid.NewGuid():N}";

    /// <summary>States of one trial whether keys are taken together.</summary>
    public RedisKey[] CreateMultiKeyProbes(int count)
    {
        var trial = Guid.NewGuid();
        return [.. Enumerable.Range(0, count).Select(number => (RedisKey)$"{prefix}limit:together:{trial:N}:{number}")];
    }

    public RedisKey ForKey(string keyId) => $"{prefix}limit:{{{Escape(keyId)}}}";

    public RedisKey ForTenant(string tenantId) => $"{prefix}limit:tenant:{{{Escape(tenantId)}}}";

    public RedisKey ForKeyInTenant(string tenantId, string keyId) => $"{prefix}limit:tenant:{{{Escape(tenantId)}}}:{Escape(keyId)}";

    // Ids are the app's, and one with a brace in it must not read as another's.
    private static string Escape(string id) =>
        id.AsSpan().IndexOfAny('{', '}', '%') < 0 ? id
            : id.Replace("%", "%25", StringComparison.Ordinal).Replace("{", "%7B", StringComparison.Ordinal).Replace("}", "%7D", StringComparison.Ordinal);
}
