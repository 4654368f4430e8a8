using ApiKeyAuth.Keys;
using Microsoft.Extensions.Logging;

namespace ApiKeyAuth.Diagnostics;

/// <summary>Every event the library logs. A template names ids, schemes and settings; it never takes a key, a hash or a header's value.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, Message = "Scheme {Scheme} refused key {KeyId}: {Outcome}.")]
    public static partial void KeyRejected(ILogger logger, LogLevel level, string scheme, string keyId, AuthenticationOutcome outcome);

    [LoggerMessage(EventId = 2, Message = "Scheme {Scheme} refused a key: {Outcome}.")]
    public static partial void UnknownKeyRejected(ILogger logger, LogLevel level, string scheme, AuthenticationOutcome outcome);

    [LoggerMessage(3, LogLevel.Debug, "Scheme {Scheme} accepted key {KeyId}.")]
    public static partial void KeyAccepted(ILogger logger, string scheme, string keyId);

    [LoggerMessage(4, LogLevel.Error, "Personal key {KeyId} is refused because nothing tells what its owner may do; register an IApiKeyOwnerPermissions.")]
    public static partial void OwnerPermissionsMissing(ILogger logger, string keyId);

    [LoggerMessage(5, LogLevel.Error, "IApiKeyOwnerPermissions did not answer for the owner of personal key {KeyId} ({Exception}); the caller was answered with 503.")]
    public static partial void OwnerPermissionsFailed(ILogger logger, string keyId, string exception);

    [LoggerMessage(10, LogLevel.Error, "Key store {Store} failed ({Exception}); keys it alone knows are answered from the cache while that may be, then with 503.")]
    public static partial void StoreFailed(ILogger logger, string store, string exception);

    [LoggerMessage(11, LogLevel.Error, "Key store {Store} gave no answer within {Timeout}; raise Cache:StoreTimeout only if it is meant to be that slow.")]
    public static partial void StoreTimedOut(ILogger logger, string store, TimeSpan timeout);

    [LoggerMessage(12, LogLevel.Critical, "Key store {Store} answered with key {KeyId}, which holds none of the hashes asked for; nobody was let in. Its FindAsync must compare the whole hash and return it with its pepper id.")]
    public static partial void StoreReturnedWrongKey(ILogger logger, string store, string keyId);

    [LoggerMessage(13, LogLevel.Debug, "Key {KeyId} is served past its freshness because the key store is down.")]
    public static partial void StaleKeyServed(ILogger logger, string keyId);

    [LoggerMessage(14, LogLevel.Error, "Key store {Store} answered with a key whose {Member} is missing or malformed; nobody was let in. Ids have 1 to 200 characters, and lists without entries are empty, not null.")]
    public static partial void StoreReturnedMalformedKey(ILogger logger, string store, string member);

    [LoggerMessage(15, LogLevel.Warning, "The first {Member} of key store {Store} failed while the host was starting ({Exception}). "
        + "The host starts; requests that need this call are answered with 503 until it succeeds.")]
    public static partial void StoreWarmUpFailed(ILogger logger, string store, string member, string exception);

    [LoggerMessage(16, LogLevel.Warning, "The first {Member} of key store {Store} gave no answer within {Timeout} while the host was starting. "
        + "The host starts; requests that need this call are answered with 503 until it succeeds.")]
    public static partial void StoreWarmUpTimedOut(ILogger logger, string store, string member, TimeSpan timeout);

    [LoggerMessage(17, LogLevel.Critical, "Key store {Store} answered {Limit} lookups with {Count} results; none of them was let in. "
        + "Its FindManyAsync must return one result for each lookup, in their order.")]
    public static partial void StoreReturnedWrongCount(ILogger logger, string store, int count, int limit);

    [LoggerMessage(20, LogLevel.Information, "{Count} keys read from the configuration.")]
    public static partial void ConfiguredKeysRead(ILogger logger, int count);

    [LoggerMessage(21, LogLevel.Error, "The changed configuration of keys is invalid, so the {Count} keys read before stay in force. {Problems}")]
    public static partial void ConfiguredKeysRejected(ILogger logger, int count, string problems);

    [LoggerMessage(23, LogLevel.Error, "The configuration file {File} was changed and cannot be read, so the {Count} configured keys read before stay in force. Mend the file; it is read again when it changes.")]
    public static partial void ConfigurationFileInvalid(ILogger logger, string file, int count);

    [LoggerMessage(22, LogLevel.Warning, "No key store is registered and no key is configured, so every key will be refused. Call AddStore<T>() or AddInMemoryStore(), or configure ApiKeyAuth:Keys.")]
    public static partial void NoStore(ILogger logger);

    [LoggerMessage(27, LogLevel.Warning, "The configuration providers of {Section} are unknown, so lists that several of them "
        + "supply are not detected. Pass a section of the app's own configuration, such as builder.Configuration.GetSection(\"ApiKeyAuth\").")]
    public static partial void ConfigurationProvidersUnknown(ILogger logger, string section);

    [LoggerMessage(50, LogLevel.Error, "Key store {Store} failed where keys are managed ({Exception}); the caller was answered with 503, and nothing may be assumed to have changed.")]
    public static partial void ManagedStoreFailed(ILogger logger, string store, string exception);

    [LoggerMessage(53, LogLevel.Error, "Key store {Store} rejected a change ({Exception}): a value breaks a constraint, is longer than its "
        + "column or holds a character that cannot be stored. Nothing was changed and the caller was answered with 500. Compare the tables "
        + "with the model of the store.")]
    public static partial void ManagedStoreRejected(ILogger logger, string store, string exception);

    [LoggerMessage(51, LogLevel.Warning, "The current secret of key {KeyId} is {Days} days old and nears or passes Management:MaxSecretAge; rotate it.")]
    public static partial void SecretRotationDue(ILogger logger, string keyId, int days);

    [LoggerMessage(52, LogLevel.Error, "The ages of secrets could not be looked at ({Exception}); it is tried again at the next turn.")]
    public static partial void SecretAgeCheckFailed(ILogger logger, string exception);

    [LoggerMessage(70, LogLevel.Warning, "The bus between nodes does not answer ({Exception}). Until it does, this node asks the key store for every request, so that it misses no change.")]
    public static partial void BackplaneUnavailable(ILogger logger, string exception);

    [LoggerMessage(71, LogLevel.Information, "The bus between nodes answers; {Count} nodes are listed.")]
    public static partial void BackplaneAvailable(ILogger logger, int count);

    [LoggerMessage(72, LogLevel.Error, "Other nodes could not be told of a change of key {KeyId}, so the caller was answered with 503. They are told when the bus answers again, and act on it by Cache:KnownKeyLifetime at the latest.")]
    public static partial void InvalidationPublishFailed(ILogger logger, string keyId);

    [LoggerMessage(73, LogLevel.Warning, "This node could not take itself off the list ({Exception}); until it counts as gone, changes take one lease.")]
    public static partial void BackplaneLeaveFailed(ILogger logger, string exception);

    [LoggerMessage(74, LogLevel.Warning, "Hints of the bus between nodes do not arrive ({Exception}); changes take longer to be answered until they do.")]
    public static partial void BackplaneNotificationsUnavailable(ILogger logger, string exception);

    [LoggerMessage(30, LogLevel.Debug, "Rate limit {Limit} refused a request of key {KeyId}.")]
    public static partial void RateLimitExceeded(ILogger logger, string keyId, RateLimit limit);

    [LoggerMessage(31, LogLevel.Warning, "One network is past its limit of {Limit} refused keys; {Count} more since the last report get 429 too_many_failures. Valid keys from there still pass.")]
    public static partial void TooManyFailures(ILogger logger, int count, RateLimit limit);

    [LoggerMessage(60, LogLevel.Error, "Usage could not be stored ({Exception}); {Count} rows wait in memory, and it is tried again at the next Usage:FlushInterval.")]
    public static partial void UsageFlushFailed(ILogger logger, int count, string exception);

    [LoggerMessage(61, LogLevel.Error, "{Count} uses of keys were dropped, because Usage:MaxPendingRows were waiting for the store; bring it back, or raise the setting.")]
    public static partial void UsageDropped(ILogger logger, long count);

    [LoggerMessage(62, LogLevel.Error, "The history of usage could not be rolled up ({Exception}); it is tried again in an hour.")]
    public static partial void UsageRetentionFailed(ILogger logger, string exception);

    [LoggerMessage(63, LogLevel.Warning, "IGeoResolver failed ({Exception}); the network's requests are stored without a country.")]
    public static partial void CountryResolutionFailed(ILogger logger, string exception);

    [LoggerMessage(80, LogLevel.Warning, "Alert {Kind} ({AlertId}): {Alert}")]
    public static partial void AlertFiring(ILogger logger, string kind, string alertId, string alert);

    [LoggerMessage(81, LogLevel.Information, "Alert {Kind} ({AlertId}): {Alert}")]
    public static partial void AlertResolved(ILogger logger, string kind, string alertId, string alert);

    [LoggerMessage(82, LogLevel.Error, "Keys could not be looked at for alerts ({Exception}); each is looked at when it is used next.")]
    public static partial void AlertEvaluationFailed(ILogger logger, string exception);

    [LoggerMessage(83, LogLevel.Error, "Alerts could not be taken from the store or put back ({Exception}); it is tried again within seconds.")]
    public static partial void AlertStoreFailed(ILogger logger, string exception);

    [LoggerMessage(84, LogLevel.Warning, "Alert {AlertId} could not be told to {Target} ({Reason}, attempt {Attempt}); it is tried again later.")]
    public static partial void AlertRescheduled(ILogger logger, string alertId, string target, string reason, int attempt);

    [LoggerMessage(85, LogLevel.Error, "Alert {AlertId} is given up for {Target} ({Reason}, attempt {Attempt}); mend the receiver, it is told of new ones.")]
    public static partial void AlertDeliveryAbandoned(ILogger logger, string alertId, string target, string reason, int attempt);

    [LoggerMessage(86, LogLevel.Error, "{Target} answered 410 Gone and is told no more. Take it out of Usage:Webhooks, or give it another name or address to begin again.")]
    public static partial void AlertTargetGone(ILogger logger, string target);

    [LoggerMessage(87, LogLevel.Information, "{Actor} changed the alerts of {Subject}.")]
    public static partial void AlertSettingsChanged(ILogger logger, string actor, string subject);

    [LoggerMessage(88, LogLevel.Error, "{Count} calls to {Target} have not returned, so it gets no more alerts from this node until one of "
        + "them does. Make its HandleAsync observe the cancellation token.")]
    public static partial void AlertTargetStuck(ILogger logger, string target, int count);

    [LoggerMessage(40, LogLevel.Warning, "UseAuthorization() is called beside UseApiKeyAuth(), which already contains it; called before, it refuses requests outside UseApiKeyAuth() and their answers lose the body. Remove the call.")]
    public static partial void DuplicateUseAuthorization(ILogger logger);

    [LoggerMessage(42, LogLevel.Warning, "UseApiKeyAuth() is called in a branch of the pipeline only; requests outside it are authorized, but never limited. Call it on the app itself.")]
    public static partial void UsedInBranchOnly(ILogger logger);

    [LoggerMessage(110, LogLevel.Information, "Ended {Count} open connections of key {KeyId}: {Reason}.")]
    public static partial void StreamsEnded(ILogger logger, int count, string keyId, StreamEndReason reason);

    [LoggerMessage(111, LogLevel.Warning, "IApiKeyOwnerPermissions did not answer for the owner of personal key {KeyId} ({Exception}); the key's open connections end if it does not answer within one lease.")]
    public static partial void StreamOwnerPermissionsFailed(ILogger logger, string keyId, string exception);

    [LoggerMessage(41, LogLevel.Warning, "Scheme {Scheme} reads keys from the query string, which proxies, browsers and access logs keep. The framework's logs that print addresses are held at Warning so that this host's own do not.")]
    public static partial void QuerySourceEnabled(ILogger logger, string scheme);
}
