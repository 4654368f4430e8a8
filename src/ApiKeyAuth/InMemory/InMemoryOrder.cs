using ApiKeyAuth.Keys;
using ApiKeyAuth.Stores;

namespace ApiKeyAuth.InMemory;

/// <summary>Orders keys.</summary>
internal static class InMemoryOrder
{
    public static IEnumerable<ApiKey> Apply(IEnumerable<ApiKey> keys, ApiKeyOrder order, Func<string, DateTimeOffset?> getLastUse) =>
        (order switch
        {
            ApiKeyOrder.Oldest => keys.OrderBy(key => key.CreatedAt),
            ApiKeyOrder.Name => keys.OrderBy(key => key.Name, StringComparer.OrdinalIgnoreCase),
            ApiKeyOrder.NameDescending => keys.OrderByDescending(key => key.Name, StringComparer.OrdinalIgnoreCase),
            ApiKeyOrder.LastUsed => keys.OrderBy(key => getLastUse(key.Id) ?? DateTimeOffset.MinValue),
            ApiKeyOrder.LastUsedDescending => keys.OrderByDescending(key => getLastUse(key.Id) ?? DateTimeOffset.MinValue),
            _ => keys.OrderByDescending(key => key.CreatedAt),
        }).ThenBy(key => key.Id, StringComparer.Ordinal);
}
