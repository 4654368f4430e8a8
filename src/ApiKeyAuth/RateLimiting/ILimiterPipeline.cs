namespace ApiKeyAuth.RateLimiting;

/// <summary>What the limiter must know of the pipeline it stands in.</summary>
internal interface ILimiterPipeline
{
    /// <summary>Whether there are several limiters, in branches, so that a request may pass through more than one.</summary>
    bool HasSeveral { get; }
}
