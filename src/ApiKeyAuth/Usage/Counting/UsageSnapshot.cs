
namespace ApiKeyAuth.Usage.Counting;

/// <summary>Uses that were taken out of the count and do not have their network's text yet, nor the country of their network.</summary>
internal readonly record struct UsageSnapshot(ApiKeyUsageRecord Record, UsageNetwork Network, long FirstUsedAt);
