using ApiKeyAuth.Keys;

namespace ApiKeyAuth.RateLimiting;

/// <summary>Represents the decision of a rate limiter, with the window that is most relevant to the caller.</summary>
/// <remarks>
/// For an admitted request it is the window with the fewest remaining permits, or the longer one of two. For a rejected request it is the
/// window with the longest wait.
/// </remarks>
public readonly struct RateLimitDecision
{
    // Half the size of a TimeSpan?, because the struct is copied on every check. 0 means none.
    private readonly long _retryTicks;

    /// <summary>Initializes a new instance. 0 retry ticks mean none.</summary>
    internal RateLimitDecision(bool isAdmitted, RateLimit limit, long remaining, long resetTicks, long retryTicks)
    {
        _retryTicks = retryTicks;
        IsAdmitted = isAdmitted;
        Limit = limit;
        Remaining = remaining;
        ResetAfter = new TimeSpan(resetTicks);
    }

    /// <summary>Gets the decision for a subject without limits.</summary>
    public static RateLimitDecision Unlimited { get; } = new() { IsAdmitted = true, Remaining = long.MaxValue };

    /// <summary>Gets a value indicating whether the request is admitted.</summary>
    public bool IsAdmitted { get; init; }

    /// <summary>Gets the limit of the reported window, or <c>default</c> if the subject has no limits.</summary>
    public RateLimit Limit { get; init; }

    /// <summary>Gets the remaining permits in the window after this request, at least 0.</summary>
    public long Remaining { get; init; }

    /// <summary>Gets the time until the whole limit is free again if no other request is sent.</summary>
    public TimeSpan ResetAfter { get; init; }

    /// <summary>
    /// Gets the time after which the same cost is admitted if no other request is sent; <see langword="null"/> if the request is admitted,
    /// or if the cost exceeds the limit.
    /// </summary>
    public TimeSpan? RetryAfter
    {
        get => _retryTicks == 0 ? null : new TimeSpan(_retryTicks);
        init => _retryTicks = value?.Ticks ?? 0;
    }

    /// <summary>Gets a value indicating whether the reported window belongs to the tenant and not to the key.</summary>
    public bool IsTenantLimit { get; init; }

    /// <summary>
    /// Gets a value indicating whether the request is rejected because the limiter is unavailable. The response is then 503
    /// <c>key_store_unavailable</c> and not 429.
    /// </summary>
    public bool IsUnavailable { get; init; }

    /// <summary>Creates the decision that rejects a request because the limiter is unavailable.</summary>
    /// <param name="retryAfter">The time after which the caller should retry.</param>
    public static RateLimitDecision Unavailable(TimeSpan retryAfter) => new() { IsUnavailable = true, RetryAfter = retryAfter };

    /// <summary>Rounds a wait up to whole seconds, at least 1.</summary>
    internal static long ToWholeSeconds(TimeSpan wait) =>
        Math.Max(1, wait.Ticks / TimeSpan.TicksPerSecond + (wait.Ticks % TimeSpan.TicksPerSecond > 0 ? 1 : 0));

    /// <summary>
    /// Combines the decisions of two windows that must both admit. Returns the rejection, or the one with the longer wait of two; if both
    /// admit, the one with fewer remaining permits.
    /// </summary>
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

    // A window that can never admit the cost has no wait, and counts as the longest.
    private static RateLimitDecision SelectLonger(in RateLimitDecision left, in RateLimitDecision right) =>
        (right.RetryAfter ?? TimeSpan.MaxValue) > (left.RetryAfter ?? TimeSpan.MaxValue) ? right : left;
}
