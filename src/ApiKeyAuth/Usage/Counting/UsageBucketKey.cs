using ApiKeyAuth.Keys;
using ApiKeyAuth.Usage.Countries;

namespace ApiKeyAuth.Usage.Counting;

/// <summary>What uses of a key have in common that are counted together; the hour as a number of hours.</summary>
internal readonly record struct UsageBucketKey(ApiKeyHash Hash, int Hour, string Outcome, UsageNetwork Network, CountryCode Country)
{
    /// <summary>Nothing of the hash.</summary>
    public override string ToString() => $"UsageBucketKey {Outcome}";
}
