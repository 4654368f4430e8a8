namespace ApiKeyAuth.Tests.TestHost;

/// <summary>Represents a clock whose date a test sets, also to an earlier one. Its timestamps and timers are real.</summary>
internal sealed class MovableClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
