namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Converts UTC ticks.</summary>
internal static class UtcTime
{
    public static DateTimeOffset FromTicks(long ticks) => new(ticks, TimeSpan.Zero);

    public static DateTimeOffset? FromTicks(long? ticks) => ticks is { } some ? FromTicks(some) : null;
}
