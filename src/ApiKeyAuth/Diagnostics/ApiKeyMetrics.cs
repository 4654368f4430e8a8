using System.Diagnostics.Metrics;

namespace ApiKeyAuth.Diagnostics;

/// <summary>
/// Provides the metrics. Names and units follow the conventions of OpenTelemetry. No tag names a key, a tenant or an address.
/// </summary>
internal sealed class ApiKeyMetrics
{
    private static readonly string[] Outcomes = Array.ConvertAll(Enum.GetNames<AuthenticationOutcome>(), ToSnakeCase);
    private static readonly string[] EndReasons = Array.ConvertAll(Enum.GetNames<StreamEndReason>(), ToSnakeCase);
    private static readonly double[] DurationBuckets = [0.000_001, 0.000_002, 0.000_005, 0.000_01, 0.000_1, 0.001, 0.01, 0.1, 1, 5];

    private readonly Counter<long> _authentications;
    private readonly Histogram<double> _verifyDuration;
    private readonly Counter<long> _cacheLookups;
    private readonly Histogram<double> _storeDuration;
    private readonly Counter<long> _limiterDecisions;
    private readonly Counter<long> _staleServes;
    private readonly Gauge<long> _secretsDue;
    private readonly Gauge<long> _legacyHashes;
    private readonly Counter<long> _saltedVerifications;
    private readonly Counter<long> _uses;
    private readonly Counter<long> _droppedUses;
    private readonly Histogram<double> _flushDuration;
    private readonly Gauge<long> _pendingUsage;
    private readonly Counter<long> _alerts;
    private readonly Counter<long> _alertDeliveries;
    private readonly Histogram<double> _acknowledgmentDuration;
    private readonly Counter<long> _publishFailures;
    private readonly Counter<long> _streamEnds;
    private readonly Meter _meter;

    public ApiKeyMetrics(IMeterFactory factory)
    {
        var meter = _meter = factory.Create(ApiKeyTelemetry.MeterName);
        var buckets = new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets };
        _authentications = meter.CreateCounter<long>(
            "apikeyauth.authentications", "{authentication}", "Authentication attempts with a key, by scheme and outcome.");
        _verifyDuration = meter.CreateHistogram(
            "apikeyauth.verify.duration", "s", "Time from a well-formed key to the decision about it.", advice: buckets);
        _cacheLookups = meter.CreateCounter<long>(
            "apikeyauth.cache.lookups", "{lookup}", "Lookups in the key cache, by result: known, unknown (a cached rejection), miss.");
        _storeDuration = meter.CreateHistogram(
            "apikeyauth.store.load.duration", "s", "Duration of key store lookups, by result: found, not_found, failed.", advice: buckets);
        _limiterDecisions = meter.CreateCounter<long>(
            "apikeyauth.ratelimit.decisions", "{decision}", "Rate limiter decisions, by limiter and result: admitted, refused.");
        _staleServes = meter.CreateCounter<long>(
            "apikeyauth.cache.stale_serves", "{lookup}", "Stale keys served from the cache because the store was unavailable.");
        _secretsDue = meter.CreateGauge<long>(
            "apikeyauth.secrets.due", "{secret}", "Current secrets close to or past Management:MaxSecretAge, as of the last check.");
        _legacyHashes = meter.CreateGauge<long>(
            "apikeyauth.keys.legacy_hashes", "{key}", "Keys whose hash is still that of another system, as of the last check.");
        _saltedVerifications = meter.CreateCounter<long>(
            "apikeyauth.keys.salted_verifications",
            "{verification}",
            "Verifications of salted hashes of other systems, by result: matched, mismatched, rejected (two others were running).");
        _uses = meter.CreateCounter<long>(
            "apikeyauth.usage.uses",
            "{use}",
            "Requests made with a known key, by outcome: success, client_error, server_error, or an error code.");
        _droppedUses = meter.CreateCounter<long>(
            "apikeyauth.usage.dropped",
            "{use}",
            "Uses that were dropped from the history, because Usage:MaxPendingRows rows were waiting or the store rejected them.");
        _flushDuration = meter.CreateHistogram(
            "apikeyauth.usage.flush.duration", "s", "Duration of usage flushes, by result: stored, rejected, failed.", advice: buckets);
        _pendingUsage = meter.CreateGauge<long>(
            "apikeyauth.usage.pending", "{row}", "Usage rows in memory after the last flush. A growing number means that the store fails.");
        _alerts = meter.CreateCounter<long>(
            "apikeyauth.alerts.raised", "{alert}", "Alerts, by kind and state: firing, resolved.");
        _alertDeliveries = meter.CreateCounter<long>(
            "apikeyauth.alerts.deliveries",
            "{delivery}",
            "Alert delivery attempts, by result: delivered, failed, gone (410), and given_up after the last attempt.");
        _acknowledgmentDuration = meter.CreateHistogram(
            "apikeyauth.backplane.acknowledgement.duration",
            "s",
            "Time from publishing a change until every node had applied it, by result: acknowledged, lease_expired.",
            advice: buckets);
        _publishFailures = meter.CreateCounter<long>(
            "apikeyauth.backplane.publish.failures",
            "{change}",
            "Changes answered with 503 because the backplane could not notify the other nodes.");
        _streamEnds = meter.CreateCounter<long>(
            "apikeyauth.streams.ended",
            "{connection}",
            "Open connections that were ended because their key no longer allowed them, by reason.");
    }

    /// <summary>Gets a value indicating whether the duration is recorded. If not, the clock is not read a second time.</summary>
    public bool IsVerificationMeasured => _verifyDuration.Enabled;

    public void RecordAuthentication(string scheme, AuthenticationOutcome outcome)
    {
        if (_authentications.Enabled)
        {
            _authentications.Add(1, new("apikeyauth.scheme", scheme), new("apikeyauth.outcome", Outcomes[(int)outcome]));
        }
    }

    public void RecordVerification(TimeSpan elapsed) => _verifyDuration.Record(elapsed.TotalSeconds);

    public void RecordCacheLookup(string result) =>
        _cacheLookups.Add(1, new KeyValuePair<string, object?>("apikeyauth.cache.result", result));

    public void RecordStoreLoad(TimeSpan elapsed, string result) =>
        _storeDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("apikeyauth.store.result", result));

    public void RecordLimiterDecision(string limiter, bool admitted)
    {
        if (_limiterDecisions.Enabled)
        {
            _limiterDecisions.Add(
                1, new("apikeyauth.ratelimit.limiter", limiter), new("apikeyauth.ratelimit.result", admitted ? "admitted" : "refused"));
        }
    }

    public void RecordSecretsDue(long count) => _secretsDue.Record(count);

    public void RecordLegacyHashes(long count) => _legacyHashes.Record(count);

    public void RecordSaltedVerification(string result) =>
        _saltedVerifications.Add(1, new KeyValuePair<string, object?>("apikeyauth.keys.result", result));

    public void RecordStaleServe() => _staleServes.Add(1);

    public void RecordUse(string outcome) => _uses.Add(1, new KeyValuePair<string, object?>("apikeyauth.outcome", outcome));

    public void RecordDroppedUses(long count) => _droppedUses.Add(count);

    public void RecordUsageFlush(TimeSpan elapsed, string result) =>
        _flushDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("apikeyauth.usage.result", result));

    public void RecordPendingUsage(long rows) => _pendingUsage.Record(rows);

    public void RecordAlert(string kind, string state) =>
        _alerts.Add(1, new("apikeyauth.alert.kind", kind), new("apikeyauth.alert.state", state));

    public void RecordAlertDelivery(string result) =>
        _alertDeliveries.Add(1, new KeyValuePair<string, object?>("apikeyauth.alert.result", result));

    public void RecordAcknowledgment(TimeSpan elapsed, bool byAllMembers) => _acknowledgmentDuration.Record(
        elapsed.TotalSeconds,
        new KeyValuePair<string, object?>("apikeyauth.backplane.result", byAllMembers ? "acknowledged" : "lease_expired"));

    public void RecordPublishFailure() => _publishFailures.Add(1);

    public void RecordStreamEnd(StreamEndReason reason) =>
        _streamEnds.Add(1, new KeyValuePair<string, object?>("apikeyauth.stream.reason", EndReasons[(int)reason]));

    /// <summary>Adds the gauges of the backplane. The lease gauge requires a backplane.</summary>
    public void ObserveBackplane(Func<int> count, Func<TimeSpan>? leaseRemaining)
    {
        _meter.CreateObservableGauge(
            "apikeyauth.backplane.members",
            () => count(),
            "{node}",
            "Nodes that serve the same keys, as of the last heartbeat; 1 without a backplane.");
        _meter.CreateObservableGauge(
            "apikeyauth.backplane.enabled",
            () => leaseRemaining is null ? 0 : 1,
            "{backplane}",
            "1 with a backplane; 0 without one, when changes reach other nodes only after Cache:KnownKeyLifetime.");
        if (leaseRemaining is not null)
        {
            _meter.CreateObservableGauge(
                "apikeyauth.backplane.lease.remaining",
                () => leaseRemaining().TotalSeconds,
                "s",
                "How long this node may answer from its cache; 0 while the backplane does not respond.");
        }
    }

    private static string ToSnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
