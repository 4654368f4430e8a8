namespace ApiKeyAuth.EntityFrameworkCore.Model;

/// <summary>Moments as ticks in UTC.</summary>
internal static class Moment
{
    public static DateTimeOffset From(long ticks) => new(ticks, TimeSpan.Zero);

    public static DateTimeOffset? From(long? ticks) => ticks is { } some ? From(some) : null;
}
