using System.Diagnostics.Metrics;
using ApiKeyAuth.Diagnostics;

namespace ApiKeyAuth.Redis.Diagnostics;

/// <summary>The package's instruments, in the library's meter; no tag names a key, a tenant or a server.</summary>
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
            "apikeyauth.redis.limiter.duration", "s", "Time a call of the limiter to Redis took, by result: answered, failed.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets });
        _fallbackDecisions = meter.CreateCounter<long>(
            "apikeyauth.redis.limiter.fallback", "{decision}", "Decisions made without Redis because it did not answer.");
        _outages = meter.CreateUpDownCounter<int>("apikeyauth.redis.outages", "{outage}", "1 while Redis does not answer, else 0.");
    }

    public void CallCompleted(TimeSpan elapsed, bool isAnswered) =>
        _callDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("apikeyauth.redis.result", isAnswered ? "answered" : "failed"));

    public void FallbackDecided() => _fallbackDecisions.Add(1);

    public void OutageChanged(bool isOn) => _outages.Add(isOn ? 1 : -1);
}
