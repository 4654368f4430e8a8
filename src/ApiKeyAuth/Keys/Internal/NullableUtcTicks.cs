namespace ApiKeyAuth.Keys.Internal;

/// <summary>Stores an optional point in time in 8 bytes: its UTC ticks plus one, or 0 for null.</summary>
/// <remarks>
/// Without the offset <see cref="DateTimeOffset.MinValue"/> would read as null, and a key revoked at that time would be accepted.
/// </remarks>
internal static class NullableUtcTicks
{
    public static long FromDateTimeOffset(DateTimeOffset? value) => value is { } at ? at.UtcTicks + 1 : 0;

    public static DateTimeOffset? ToDateTimeOffset(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks - 1, TimeSpan.Zero);
}
