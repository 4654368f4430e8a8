using ApiKeyAuth.Usage.History;

namespace ApiKeyAuth.Dashboard.Charts;

/// <summary>Represents the range of the usage chart, which is in the URL.</summary>
internal sealed record UsageRange(string Name, ApiKeyUsageGranularity Granularity, int Periods)
{
    public static IReadOnlyList<UsageRange> All { get; } =
    [
        new("24h", ApiKeyUsageGranularity.Hour, 24),
        new("7d", ApiKeyUsageGranularity.Day, 7),
        new("30d", ApiKeyUsageGranularity.Day, 30),
        new("90d", ApiKeyUsageGranularity.Day, 90),
    ];

    public TimeSpan Period => Granularity == ApiKeyUsageGranularity.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);

    public static UsageRange Parse(string? name) => All.FirstOrDefault(range => range.Name == name) ?? All[0];

    public ApiKeyUsageRequest ToRequest(DateTimeOffset now)
    {
        var start = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % Period.Ticks), TimeSpan.Zero);
        return new() { Granularity = Granularity, From = start - ((Periods - 1) * Period), To = start + Period };
    }
}
