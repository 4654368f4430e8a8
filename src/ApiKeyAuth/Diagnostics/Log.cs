using ApiKeyAuth.Keys;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Diagnostics;

/// <summary>
/// Defines the log events. Templates contain IDs, schemes and settings, and never a key, a hash or the value of a header.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, Message = "Scheme {Scheme} rejected key {KeyId}: {Outcome}.")]
    public static partial void KeyRejected(ILogger logger, LogLevel level, string scheme, string keyId, AuthenticationOutcome outcome);

    [LoggerMessage(EventId = 2, Message = "Scheme {Scheme} rejected a key: {Outcome}.")]
    public static partial void UnknownKeyRejected(ILogger logger, LogLevel level, string scheme, AuthenticationOutcome outcome);

    [LoggerMessage(EventId = 6, Message = "Scheme {Scheme} rejected a key: Malformed ({Reason}).")]
    public static partial void MalformedKeyRejected(ILogger logger, LogLevel level, string scheme, string reason);

    [LoggerMessage(3, LogLevel.Debug, "Scheme {Scheme} accepted key {KeyId}.")]
    public static partial void KeyAccepted(ILogger logger, string scheme, string keyId);

    [LoggerMessage(4, LogLevel.Error, "Personal key {KeyId} was rejected, because the permissions of its owner are unknown. "
        + "Register an IApiKeyOwnerPermissions.")]
    public static partial void OwnerPermissionsMissing(ILogger logger, string keyId);

    [LoggerMessage(5, LogLevel.Error, "IApiKeyOwnerPermissions failed for the owner of personal key {KeyId} ({Exception}). "
        + "The request was answered with 503.")]
    public static partial void OwnerPermissionsFailed(ILogger logger, string keyId, string exception);

    [LoggerMessage(10, LogLevel.Error, "Key store {Store} failed ({Exception}). Cached keys are accepted for a limited time; "
        + "requests with other keys are answered with 503.")]
    public static partial void StoreFailed(ILogger logger, string store, string exception);

    [LoggerMessage(11, LogLevel.Error, "Key store {Store} did not respond within {Timeout}. "
        + "Raise Cache:StoreTimeout only if the store is expected to be that slow.")]
    public static partial void StoreTimedOut(ILogger logger, string store, TimeSpan timeout);

    [LoggerMessage(12, LogLevel.Critical, "Key store {Store} returned key {KeyId}, which has none of the requested hashes; the key was "
        + "rejected. Its FindAsync must compare the whole hash and return it with its pepper ID.")]
    public static partial void StoreReturnedWrongKey(ILogger logger, string store, string keyId);

    [LoggerMessage(13, LogLevel.Debug, "Stale key {KeyId} is served from the cache, because the key store is unavailable.")]
    public static partial void StaleKeyServed(ILogger logger, string keyId);

    [LoggerMessage(14, LogLevel.Error, "Key store {Store} returned a key whose {Member} is missing or malformed; the key was rejected. "
        + "IDs must have 1 to 200 characters, and lists without entries must be empty, not null.")]
    public static partial void StoreReturnedMalformedKey(ILogger logger, string store, string member);

    [LoggerMessage(15, LogLevel.Warning, "The first {Member} of key store {Store} failed during startup ({Exception}). "
        + "The host starts; requests that need this call are answered with 503 until it succeeds.")]
    public static partial void StoreWarmUpFailed(ILogger logger, string store, string member, string exception);

    [LoggerMessage(16, LogLevel.Warning, "The first {Member} of key store {Store} did not respond within {Timeout} during startup. "
        + "The host starts; requests that need this call are answered with 503 until it succeeds.")]
    public static partial void StoreWarmUpTimedOut(ILogger logger, string store, string member, TimeSpan timeout);

    [LoggerMessage(17, LogLevel.Critical, "Key store {Store} returned {Count} results for {Limit} lookups; all were rejected. "
        + "Its FindManyAsync must return one result for each lookup, in the same order.")]
    public static partial void StoreReturnedWrongCount(ILogger logger, string store, int count, int limit);

    [LoggerMessage(20, LogLevel.Information, "{Count} keys were read from the configuration.")]
    public static partial void ConfiguredKeysRead(ILogger logger, int count);

    [LoggerMessage(21, LogLevel.Error, "The changed configuration of keys is invalid, so the previous {Count} keys stay in effect. "
        + "{Problems}")]
    public static partial void ConfiguredKeysRejected(ILogger logger, int count, string problems);

    [LoggerMessage(23, LogLevel.Error, "The configuration file {File} was changed and cannot be read, so the previous {Count} configured "
        + "keys stay in effect. Fix the file; it is read again when it changes.")]
    public static partial void ConfigurationFileInvalid(ILogger logger, string file, int count);

    [LoggerMessage(22, LogLevel.Warning, "No key store is registered and no key is configured, so every key will be rejected. "
        + "Call AddStore<T>() or AddInMemoryStore(), or configure ApiKeyAuth:Keys.")]
    public static partial void NoStore(ILogger logger);

    [LoggerMessage(27, LogLevel.Warning, "The configuration providers of {Section} are unknown, so lists that several of them "
        + "supply are not detected. Pass a section of the app's own configuration, such as "
        + "builder.Configuration.GetSection(\"ApiKeyAuth\").")]
    public static partial void ConfigurationProvidersUnknown(ILogger logger, string section);

    [LoggerMessage(50, LogLevel.Error, "Key store {Store} failed during key management ({Exception}). The request was answered with 503, "
        + "and it is unknown whether anything was changed.")]
    public static partial void ManagedStoreFailed(ILogger logger, string store, string exception);

    [LoggerMessage(53, LogLevel.Error, "Key store {Store} rejected a change ({Exception}): a value violates a constraint, is longer than "
        + "its column or contains a character that cannot be stored. Nothing was changed and the request was answered with 500. Compare "
        + "the tables with the model of the store.")]
    public static partial void ManagedStoreRejected(ILogger logger, string store, string exception);

    [LoggerMessage(51, LogLevel.Warning, "The current secret of key {KeyId} is {Days} days old, which is close to or past "
        + "Management:MaxSecretAge. Rotate it.")]
    public static partial void SecretRotationDue(ILogger logger, string keyId, int days);

    [LoggerMessage(52, LogLevel.Error, "The ages of secrets could not be checked ({Exception}). The next check is made on schedule.")]
    public static partial void SecretAgeCheckFailed(ILogger logger, string exception);

    [LoggerMessage(54, LogLevel.Warning, "The secret of key {KeyId} leaked; it was found at {Target}. {Outcome}")]
    public static partial void KeyLeaked(ILogger logger, string keyId, string target, string outcome);

    [LoggerMessage(55, LogLevel.Information, "A report of leaked keys was rejected with 403, because {Reason}.")]
    public static partial void LeakReportRejected(ILogger logger, string reason);

    [LoggerMessage(70, LogLevel.Warning, "The backplane does not respond ({Exception}). Until it does, this node loads every key from the "
        + "key store, so that it misses no change.")]
    public static partial void BackplaneUnavailable(ILogger logger, string exception);

    [LoggerMessage(71, LogLevel.Information, "The backplane responds; {Count} nodes are registered.")]
    public static partial void BackplaneAvailable(ILogger logger, int count);

    [LoggerMessage(72, LogLevel.Error, "The backplane could not notify other nodes of a change of key {KeyId}, so the request was answered "
        + "with 503. They are notified when it responds again, and apply the change after Cache:KnownKeyLifetime at the latest.")]
    public static partial void InvalidationPublishFailed(ILogger logger, string keyId);

    [LoggerMessage(73, LogLevel.Warning, "This node could not unregister from the backplane ({Exception}). Until its registration expires, "
        + "changes take one lease.")]
    public static partial void BackplaneLeaveFailed(ILogger logger, string exception);

    [LoggerMessage(74, LogLevel.Warning, "Notifications of the backplane are unavailable ({Exception}). Until they are available, changes "
        + "take longer to complete.")]
    public static partial void BackplaneNotificationsUnavailable(ILogger logger, string exception);

    [LoggerMessage(75, LogLevel.Warning, "The last known number of nodes could not be read from or written to the store ({Exception}). "
        + "It is tried again with each heartbeat.")]
    public static partial void MemberCountUnavailable(ILogger logger, string exception);

    [LoggerMessage(30, LogLevel.Debug, "Rate limit {Limit} exceeded for key {KeyId}.")]
    public static partial void RateLimitExceeded(ILogger logger, string keyId, RateLimit limit);

    [LoggerMessage(31, LogLevel.Warning, "A network exceeded its limit of {Limit} for rejected keys. Since the last report, {Count} "
        + "more requests were answered with 429 too_many_failures. Valid keys from this network are still accepted.")]
    public static partial void TooManyFailures(ILogger logger, int count, RateLimit limit);

    [LoggerMessage(60, LogLevel.Error, "Usage could not be stored ({Exception}). {Count} rows are kept in memory and retried after "
        + "Usage:FlushInterval.")]
    public static partial void UsageFlushFailed(ILogger logger, int count, string exception);

    [LoggerMessage(61, LogLevel.Error, "{Count} uses of keys were dropped, because Usage:MaxPendingRows rows were waiting for the store. "
        + "Make the store available or raise the setting.")]
    public static partial void UsageDropped(ILogger logger, long count);

    [LoggerMessage(62, LogLevel.Error, "The usage history could not be aggregated ({Exception}). The next attempt is made in an hour.")]
    public static partial void UsageRetentionFailed(ILogger logger, string exception);

    [LoggerMessage(63, LogLevel.Warning, "IGeoResolver failed ({Exception}). The requests of this network are stored without a country.")]
    public static partial void CountryResolutionFailed(ILogger logger, string exception);

    [LoggerMessage(64, LogLevel.Error, "The key store rejected usage ({Exception}): {Count} rows violate a constraint, are longer than "
        + "their column or contain a character that cannot be stored, and were dropped. All other usage was stored. Compare the tables "
        + "with the model of the store.")]
    public static partial void UsageRejected(ILogger logger, string exception, long count);

    [LoggerMessage(76, LogLevel.Error, "The hash of key {KeyId}, which is that of another system, could not be replaced ({Exception}). "
        + "The next attempt is made when the key is loaded next.")]
    public static partial void HashUpgradeFailed(ILogger logger, string keyId, string exception);

    [LoggerMessage(77, LogLevel.Error, "The keys with a hash of another system could not be counted ({Exception}). The next attempt is "
        + "made in ten minutes.")]
    public static partial void LegacyHashCheckFailed(ILogger logger, string exception);

    [LoggerMessage(78, LogLevel.Information, "A key with a salted hash was not verified, because {Limit} verifications were running; the "
        + "request was answered with 503.")]
    public static partial void SaltedHashNotVerified(ILogger logger, int limit);

    [LoggerMessage(79, LogLevel.Warning, "Key store {Store} has more than {Limit} keys with the same prefix of a salted hash. The others "
        + "are not verified; issue them again.")]
    public static partial void TooManyKeysOfAPrefix(ILogger logger, string store, int limit);

    [LoggerMessage(69, LogLevel.Error, "A salted hash could not be verified ({Exception}); the request was answered with 503.")]
    public static partial void SaltedHashFailed(ILogger logger, string exception);

    [LoggerMessage(80, LogLevel.Warning, "Alert {Kind} ({AlertId}): {Alert}")]
    public static partial void AlertFiring(ILogger logger, string kind, string alertId, string alert);

    [LoggerMessage(81, LogLevel.Information, "Alert {Kind} ({AlertId}): {Alert}")]
    public static partial void AlertResolved(ILogger logger, string kind, string alertId, string alert);

    [LoggerMessage(82, LogLevel.Error, "Keys could not be evaluated for alerts ({Exception}). Each is evaluated when it is used next.")]
    public static partial void AlertEvaluationFailed(ILogger logger, string exception);

    [LoggerMessage(83, LogLevel.Error, "Alerts could not be claimed or updated in the store ({Exception}). The next attempt is made within "
        + "seconds.")]
    public static partial void AlertStoreFailed(ILogger logger, string exception);

    [LoggerMessage(84, LogLevel.Warning, "Alert {AlertId} could not be delivered to {Target} ({Reason}, attempt {Attempt}). It is retried "
        + "later.")]
    public static partial void AlertRescheduled(ILogger logger, string alertId, string target, string reason, int attempt);

    [LoggerMessage(85, LogLevel.Error, "Delivery of alert {AlertId} to {Target} was abandoned ({Reason}, attempt {Attempt}). Fix the "
        + "receiver; new alerts are still sent to it.")]
    public static partial void AlertDeliveryAbandoned(ILogger logger, string alertId, string target, string reason, int attempt);

    [LoggerMessage(86, LogLevel.Error, "{Target} responded with 410 Gone and receives no more alerts. Remove it from Alerts:Webhooks, or "
        + "change its name or address to start again.")]
    public static partial void AlertTargetGone(ILogger logger, string target);

    [LoggerMessage(87, LogLevel.Information, "{Actor} changed the alert settings of {Subject}.")]
    public static partial void AlertSettingsChanged(ILogger logger, string actor, string subject);

    [LoggerMessage(88, LogLevel.Error, "{Count} calls to {Target} have not returned, so this node sends it no more alerts until one of "
        + "them does. Make its HandleAsync observe the cancellation token.")]
    public static partial void AlertTargetStuck(ILogger logger, string target, int count);

    [LoggerMessage(89, LogLevel.Error, "The alert that key {KeyId} leaked could not be stored ({Exception}). It is only logged.")]
    public static partial void LeakAlertFailed(ILogger logger, string keyId, string exception);

    [LoggerMessage(40, LogLevel.Warning, "UseAuthorization() is called in addition to UseApiKeyAuth(), which already includes it. If it is "
        + "called first, it rejects requests outside UseApiKeyAuth() without an error body. Remove the call.")]
    public static partial void DuplicateUseAuthorization(ILogger logger);

    [LoggerMessage(42, LogLevel.Warning, "UseApiKeyAuth() is called only in a branch of the pipeline. Requests outside the branch are "
        + "authorized but not rate limited. Call it on the app itself.")]
    public static partial void UsedInBranchOnly(ILogger logger);

    [LoggerMessage(110, LogLevel.Information, "Ended {Count} open connections of key {KeyId}: {Reason}.")]
    public static partial void StreamsEnded(ILogger logger, int count, string keyId, StreamEndReason reason);

    [LoggerMessage(111, LogLevel.Warning, "IApiKeyOwnerPermissions failed for the owner of personal key {KeyId} ({Exception}). The open "
        + "connections of the key end unless it responds within one lease.")]
    public static partial void StreamOwnerPermissionsFailed(ILogger logger, string keyId, string exception);

    [LoggerMessage(41, LogLevel.Warning, "Scheme {Scheme} reads keys from the query string, which proxies, browsers and access logs "
        + "record. The framework's logs that contain addresses are limited to Warning, so that this host does not record them.")]
    public static partial void QuerySourceEnabled(ILogger logger, string scheme);
}
