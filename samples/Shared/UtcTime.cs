namespace Samples;

/// <summary>Formats times in responses.</summary>
internal static class UtcTime
{
    /// <summary>Returns a time in UTC with whole seconds, such as <c>2027-12-31T10:00:00Z</c>.</summary>
    public static string ToUtcSeconds(this DateTimeOffset time) => $"{time.UtcDateTime:s}Z";
}
