namespace ApiKeyAuth.Usage.History;

/// <summary>Computes the time range of a report: it starts at a whole hour or day and has a limited length.</summary>
internal static class UsageReportRange
{
    private const int MaxDaysByHour = 31;
    private const int MaxDaysByDay = 400;
    private const int DefaultDaysByHour = 7;
    private const int DefaultDaysByDay = 30;

    // Far enough from the limits of the calendar for additions and subtractions.
    private static readonly DateTimeOffset MinTime = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset MaxTime = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static (DateTimeOffset From, DateTimeOffset To) Resolve(
        ApiKeyUsageRequest request, DateTimeOffset now, Dictionary<string, string> problems)
    {
        foreach (var (field, time) in new[] { ("from", request.From), ("to", request.To) })
        {
            if (time < MinTime || time > MaxTime)
            {
                problems.TryAdd(field, $"is before {MinTime.Year} or after {MaxTime.Year}");
            }
        }

        if (problems.ContainsKey("from") || problems.ContainsKey("to"))
        {
            return (now, now);
        }

        var (step, maxDays, defaultDays) = request.Granularity == ApiKeyUsageGranularity.Day
            ? (TimeSpan.FromDays(1), MaxDaysByDay, DefaultDaysByDay)
            : (TimeSpan.FromHours(1), MaxDaysByHour, DefaultDaysByHour);
        var to = (request.To ?? (Floor(now, step) + step)).ToUniversalTime();
        var from = Floor(request.From ?? to.AddDays(-defaultDays), step);
        if (request.From > to)
        {
            problems["from"] = "must not be later than to";
        }
        else if ((request.From ?? from).AddDays(maxDays) < to)
        {
            var fix = step == TimeSpan.FromDays(1) ? "request a shorter range" : "request by day, or a shorter range";
            problems["from"] = $"must be at most {maxDays} days before to; {fix}";
        }

        return (from, to);
    }

    public static DateTimeOffset FloorToDay(DateTimeOffset time) => Floor(time, TimeSpan.FromDays(1));

    public static DateTimeOffset FloorToHour(DateTimeOffset time) => Floor(time, TimeSpan.FromHours(1));

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan step) =>
        new(time.UtcTicks - (time.UtcTicks % step.Ticks), TimeSpan.Zero);
}
