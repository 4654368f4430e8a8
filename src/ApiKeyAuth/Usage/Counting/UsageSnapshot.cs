
namespace ApiKeyAuth.Usage.Counting;

/// <summary>Represents uses that were taken from a counter and do not yet have the text or country of their network.</summary>
internal readonly record struct UsageSnapshot(ApiKeyUsageRecord Record, UsageNetwork Network, long FirstUsedAt);
