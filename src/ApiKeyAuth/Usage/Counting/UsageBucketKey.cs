using ApiKeyAuth.Keys;
using ApiKeyAuth.Usage.Countries;

namespace ApiKeyAuth.Usage.Counting;

/// <summary>Represents the properties by which uses of a key are grouped. The hour is a number of hours.</summary>
internal readonly record struct UsageBucketKey(ApiKeyHash Hash, int Hour, string Outcome, UsageNetwork Network, CountryCode Country)
{
    /// <summary>Returns the outcome only, not the hash.</summary>
    public override string ToString() => $"UsageBucketKey {Outcome}";
}
