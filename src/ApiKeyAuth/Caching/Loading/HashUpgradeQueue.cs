using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ApiKeyAuth.Keys;

namespace ApiKeyAuth.Caching.Loading;

/// <summary>Queues the hashes of other systems that were matched, so that they are replaced in the background.</summary>
/// <remarks>If the queue is full, an upgrade is dropped. It is queued again when the key is loaded next.</remarks>
internal sealed class HashUpgradeQueue
{
    private const int Capacity = 10_000;

    private readonly Channel<HashUpgrade> _upgrades = Channel.CreateBounded<HashUpgrade>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    // Open connections keep the hash that was stored when they were opened, and are checked by it.
    private readonly ConditionalWeakTable<ApiKeyHash, ApiKeyHash> _replacements = [];

    public ChannelReader<HashUpgrade> Reader => _upgrades.Reader;

    public void Add(HashUpgrade upgrade)
    {
        _replacements.AddOrUpdate(upgrade.Hash, upgrade.Replacement);
        _upgrades.Writer.TryWrite(upgrade);
    }

    /// <summary>Returns the hash that replaces one that a lookup returned, or null if it is not replaced.</summary>
    public ApiKeyHash? FindReplacement(ApiKeyHash hash) => _replacements.TryGetValue(hash, out var replacement) ? replacement : null;
}
