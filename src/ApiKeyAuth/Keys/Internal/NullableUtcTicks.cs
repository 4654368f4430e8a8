namespace ApiKeyAuth.Keys.Internal;

/// <summary>A moment that may be missing, in 8 bytes: its ticks in UTC and one more, or 0 for none.</summary>
/// <remarks>One more, because the first moment there is must not be taken for none: a key revoked then would be let in.</remarks>
internal static class NullableUtcTicks
{
    public static long FromDateTimeOffset(DateTimeOffset? value) => value is { } at ? at.UtcTicks + 1 : 0;

    public static DateTimeOffset? ToDateTimeOffset(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks - 1, TimeSpan.Zero);
}
