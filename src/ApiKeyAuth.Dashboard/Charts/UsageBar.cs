using ApiKeyAuth.Usage;

namespace ApiKeyAuth.Dashboard.Charts;

/// <summary>Represents an hour or a day in a chart without an axis.</summary>
internal readonly record struct UsageBar(DateTimeOffset Start, long Succeeded, long Failed)
{
    public long Requests => Succeeded + Failed;

    /// <summary>Creates the bars of the last hours, also for hours without requests.</summary>
    public static IReadOnlyList<UsageBar> Create(IReadOnlyList<ApiKeyUsagePeriod> periods, DateTimeOffset now, int hours) =>
        Create(periods, now, hours, TimeSpan.FromHours(1));

    public static IReadOnlyList<UsageBar> Create(IReadOnlyList<ApiKeyUsagePeriod> periods, DateTimeOffset now, int count, TimeSpan length)
    {
        var bars = new UsageBar[count];
        var last = now.UtcTicks / length.Ticks;
        for (var i = 0; i < count; i++)
        {
            bars[i] = new(new DateTimeOffset((last - count + 1 + i) * length.Ticks, TimeSpan.Zero), 0, 0);
        }

        foreach (var period in periods)
        {
            var i = (int)(period.Start.UtcTicks / length.Ticks - last + count - 1);
            if (i >= 0 && i < count)
            {
                bars[i] = OutcomeGroup.Of(period.Outcome) == OutcomeGroup.Ok
                    ? bars[i] with { Succeeded = bars[i].Succeeded + period.Count }
                    : bars[i] with { Failed = bars[i].Failed + period.Count };
            }
        }

        return bars;
    }
}
