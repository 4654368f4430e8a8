using ApiKeyAuth.Keys;

namespace ApiKeyAuth.RateLimiting;

/// <summary>What a limiter answered, told by the one window that matters most to the caller.</summary>
/// <remarks>Admitted: the window with the fewest permits left, ties to the longer. Refused: the one that refuses longest.</remarks>
public readonly struct RateLimitDecision
{
    // Half of a TimeSpan?, in a struct that is copied on every check. A wait is never 0.
    private readonly long _retryTicks;

    /// <summary>Makes a decision; a wait of 0 ticks is none.</summary>
    internal RateLimitDecision(bool isAdmitted, RateLimit limit, long remaining, long resetTicks, long retryTicks)
    {
        _retryTicks = retryTicks;
        IsAdmitted = isAdmitted;
        Limit = limit;
        Remaining = remaining;
        ResetAfter = new TimeSpan(resetTicks);
    }

    /// <summary>Answers for a subject without limits.</summary>
    public static RateLimitDecision Unlimited { get; } = new() { IsAdmitted = true, Remaining = long.MaxValue };

    /// <summary>Whether the request may pass.</summary>
    public bool IsAdmitted { get; init; }

    /// <summary>The limit of the window reported; <c>default</c> where the subject has no limits.</summary>
    public RateLimit Limit { get; init; }

    /// <summary>The permits left in that window, 0 or more, with this request charged.</summary>
    public long Remaining { get; init; }

    /// <summary>The time until the whole limit is free again if nothing more comes.</summary>
    public TimeSpan ResetAfter { get; init; }

    /// <summary>The time after which the same cost is admitted if nothing else spends it; null where admitted, or where no wait helps.</summary>
    public TimeSpan? RetryAfter
    {
        get => _retryTicks == 0 ? null : new TimeSpan(_retryTicks);
        init => _retryTicks = value?.Ticks ?? 0;
    }

    /// <summary>Whether the window reported is the tenant's, not the key's own.</summary>
    public bool IsTenantLimit { get; init; }

    /// <summary>Whether nothing was decided, because what counts does not answer: not the caller's fault, so he gets 503 <c>key_store_unavailable</c>, not 429.</summary>
    public bool IsUnavailable { get; init; }

    /// <summary>Answers where nothing can be decided and the request must not pass.</summary>
    /// <param name="retryAfter">When to ask again.</param>
    public static RateLimitDecision Unavailable(TimeSpan retryAfter) => new() { IsUnavailable = true, RetryAfter = retryAfter };

    /// <summary>Rounds a wait up to the whole seconds of a header, at least 1.</summary>
    internal static long ToWholeSeconds(TimeSpan wait) =>
        Math.Max(1, wait.Ticks / TimeSpan.TicksPerSecond + (wait.Ticks % TimeSpan.TicksPerSecond > 0 ? 1 : 0));

    /// <summary>Combines the answers of two windows, both of which must admit: the refusal, of two the longer; else the one with fewer permits left.</summary>
    public static RateLimitDecision Combine(in RateLimitDecision left, in RateLimitDecision right)
    {
        if (left.IsAdmitted != right.IsAdmitted)
        {
            return left.IsAdmitted ? right : left;
        }

        return left.IsAdmitted ? SelectScarcer(left, right) : SelectLonger(left, right);
    }

    private static RateLimitDecision SelectScarcer(in RateLimitDecision left, in RateLimitDecision right)
    {
        var rightIsScarcer = left.Remaining == right.Remaining
            ? right.Limit.Window > left.Limit.Window
            : right.Remaining < left.Remaining;
        return rightIsScarcer ? right : left;
    }

    // A window that can never admit the cost (no wait) refuses longer than any wait.
    private static RateLimitDecision SelectLonger(in RateLimitDecision left, in RateLimitDecision right) =>
        (right.RetryAfter ?? TimeSpan.MaxValue) > (left.RetryAfter ?? TimeSpan.MaxValue) ? right : left;
}
