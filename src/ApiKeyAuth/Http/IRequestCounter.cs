namespace ApiKeyAuth.Http;

/// <summary>Counts how a request ended.</summary>
internal interface IRequestCounter
{
    /// <summary>Counts it.</summary>
    /// <param name="feature">What was noted of it.</param>
    /// <param name="isResponseStarting">Whether its status goes to the caller.</param>
    void Count(ApiKeyRequestFeature feature, bool isResponseStarting);
}
