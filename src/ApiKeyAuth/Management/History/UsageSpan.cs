namespace ApiKeyAuth.Management;

/// <summary>The span of a report: whole hours or days at its start, and not so long that its rows are a burden.</summary>
internal static class UsageSpan
{
    private const int MostDaysByHour = 31;
    private const int MostDaysByDay = 400;
    private const int DefaultDaysByHour = 7;
    private const int DefaultDaysByDay = 30;

    // Far enough from the ends of the calendar to add and subtract.
    private static readonly DateTimeOffset First = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Last = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static (DateTimeOffset From, DateTimeOffset To) Settle(ApiKeyUsageRequest request, DateTimeOffset now, Dictionary<string, string> problems)
    {
        foreach (var (field, time) in new[] { ("from", request.From), ("to", request.To) })
        {
            if (time < First || time > Last)
            {
                problems.TryAdd(field, $"is before {First.Year} or after {Last.Year}");
            }
        }

        if (problems.ContainsKey("from") || problems.ContainsKey("to"))
        {
            return (now, now);
        }

        var (step, most, usual) = request.By == ApiKeyUsageStep.Day
            ? (TimeSpan.FromDays(1), MostDaysByDay, DefaultDaysByDay)
            : (TimeSpan.FromHours(1), MostDaysByHour, DefaultDaysByHour);
        var to = (request.To ?? (Floor(now, step) + step)).ToUniversalTime();
        var from = Floor(request.From ?? to.AddDays(-usual), step);
        if (request.From > to)
        {
            problems["from"] = "is later than to";
        }
        else if ((request.From ?? from).AddDays(most) < to)
        {
            problems["from"] = $"is more than {most} days before to; ask {(step == TimeSpan.FromDays(1) ? "for less at a time" : "by day, or for less at a time")}";
        }

        return (from, to);
    }

    public static DateTimeOffset Day(DateTimeOffset time) => Floor(time, TimeSpan.FromDays(1));

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan step) => new(time.UtcTicks - (time.UtcTicks % step.Ticks), TimeSpan.Zero);
}
