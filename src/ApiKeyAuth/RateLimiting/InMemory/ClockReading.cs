namespace ApiKeyAuth.RateLimiting.InMemory;

/// <summary>A reading of the clock in 100-nanosecond ticks since the limiter began, between two of which a finer clock may lie.</summary>
/// <remarks>What is judged is judged by the earlier tick and what is recorded is recorded at the later, so nothing is freed early.</remarks>
internal readonly record struct ClockReading(long Floor, long Ceiling)
{
    /// <summary>The moment, moved forward where it lies before a tick that has been seen.</summary>
    public ClockReading ClampToMin(long floor) => Floor >= floor ? this : new ClockReading(floor, floor + (Ceiling - Floor));
}
