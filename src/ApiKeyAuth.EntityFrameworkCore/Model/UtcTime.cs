namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Moments as ticks in UTC.</summary>
internal static class UtcTime
{
    public static DateTimeOffset FromTicks(long ticks) => new(ticks, TimeSpan.Zero);

    public static DateTimeOffset? FromTicks(long? ticks) => ticks is { } some ? FromTicks(some) : null;
}
