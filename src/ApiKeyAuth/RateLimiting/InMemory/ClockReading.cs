namespace ApiKeyAuth.RateLimiting.InMemory;

/// <summary>
/// Represents a clock reading in 100-nanosecond ticks since the limiter was created. A finer clock lies between the two ticks.
/// </summary>
/// <remarks>Expiration is evaluated at the earlier tick, and charges are recorded at the later one, so no permit is freed early.</remarks>
internal readonly record struct ClockReading(long Floor, long Ceiling)
{
    /// <summary>Returns the reading, moved forward to a minimum if it is earlier.</summary>
    public ClockReading ClampToMin(long floor) => Floor >= floor ? this : new ClockReading(floor, floor + (Ceiling - Floor));
}
