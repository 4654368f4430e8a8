using System.Diagnostics.Metrics;
using ApiKeyAuth.Diagnostics;

namespace ApiKeyAuth.Redis.Diagnostics;

/// <summary>Represents the instruments of the package in the library's meter. No tag names a key, a tenant or a server.</summary>
internal sealed class RedisMetrics
{
    private static readonly double[] DurationBuckets = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 1];

    private readonly Histogram<double> _callDuration;
    private readonly Counter<long> _fallbackDecisions;
    private readonly UpDownCounter<int> _outages;

    public RedisMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(ApiKeyTelemetry.MeterName);
        _callDuration = meter.CreateHistogram(
            "apikeyauth.redis.limiter.duration", "s", "Duration of the limiter's calls to Redis, by result: answered, failed.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets });
        _fallbackDecisions = meter.CreateCounter<long>(
            "apikeyauth.redis.limiter.fallback", "{decision}", "Number of decisions made without Redis because it was unavailable.");
        _outages = meter.CreateUpDownCounter<int>("apikeyauth.redis.outages", "{outage}", "1 while Redis is unavailable; otherwise 0.");
    }

    public void CallCompleted(TimeSpan elapsed, bool isAnswered) =>
        _callDuration.Record(
            elapsed.TotalSeconds, new KeyValuePair<string, object?>("apikeyauth.redis.result", isAnswered ? "answered" : "failed"));

    public void FallbackDecided() => _fallbackDecisions.Add(1);

    public void OutageChanged(bool isOn) => _outages.Add(isOn ? 1 : -1);
}
