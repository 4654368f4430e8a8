using System.Net;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Http;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Management.Rules;

/// <summary>
/// Prevents callers from granting rights they do not have: no key may exceed the scopes, limits, lifetime, environment, networks or
/// audiences of the caller that creates it.
/// </summary>
internal sealed class GrantRules(RateLimitResolver limits, ScopeCatalog catalog)
{
    /// <summary>Returns a problem if a caller may not create a key, or receive a secret of it.</summary>
    public ApiKeyError? FindProblem(ApiKeyCaller caller, ApiKey key) =>
        GetUngrantableScopes(caller, key.Scopes) is [_, ..] missing ? Problems.ScopesNotGrantable(missing)
        : !caller.IsInEnvironmentOf(key)
            ? Problems.Forbidden($"{ChangeRules.DescribeEnvironment(caller)} and may only create API keys of the same environment")
        : !ExpiresBy(key.ExpiresAt, caller.ExpiresAt)
            ? Problems.Forbidden($"The caller expires on {caller.ExpiresAt}; a key that it creates must not expire later")
        : !IdlesBy(key.ExpiresAfterIdleDays, caller.ExpiresAfterIdleDays)
            ? Problems.Forbidden(
                $"The caller expires after {caller.ExpiresAfterIdleDays} days without a use; a key that it creates must not expire later")
        : !IsWithin(limits.GetKeyLimits(key), caller.Limits)
            ? Problems.Forbidden("The rate limits of the key would exceed those of the caller")
        : !IsWithin(key.Networks, caller.Networks) ? Problems.Forbidden("The networks of the key would exceed those of the caller")
        : !IsWithin(key.Audiences, caller.Audiences) ? Problems.Forbidden("The audiences of the key would exceed those of the caller")
        : null;

    /// <summary>
    /// Returns a problem if a caller may not make a change. A change that only removes rights is always allowed; otherwise, the whole key
    /// must be within the rights of the caller.
    /// </summary>
    public ApiKeyError? FindProblem(ApiKeyCaller caller, ApiKey before, ApiKey after) =>
        IsNoWider(before, after) ? null : FindProblem(caller, after);

    /// <summary>Applies the bounds of the caller to values that were not requested, if their defaults would exceed them.</summary>
    public ApiKey Cap(ApiKeyCaller caller, ApiKey key, bool hasExpiry) => key with
    {
        RateLimits = key.RateLimits.Count == 0 && !IsWithin(limits.GetKeyLimits(key), caller.Limits) ? caller.Limits : key.RateLimits,
        ExpiresAt = hasExpiry || ExpiresBy(key.ExpiresAt, caller.ExpiresAt) ? key.ExpiresAt : caller.ExpiresAt,
        ExpiresAfterIdleDays = key.ExpiresAfterIdleDays ?? caller.ExpiresAfterIdleDays,
        Networks = key.Networks.Count == 0 ? caller.Networks : key.Networks,
        Audiences = key.Audiences.Count == 0 ? caller.Audiences : key.Audiences,
    };

    /// <summary>
    /// Keeps the limits of a key that loses the scopes that set them, if the default limits would exceed those of the caller.
    /// </summary>
    public ApiKey Cap(ApiKeyCaller caller, ApiKey before, ApiKey after) =>
        IsNarrowing(before, after)
        && !IsWithin(limits.GetKeyLimits(after), limits.GetKeyLimits(before))
        && !IsWithin(limits.GetKeyLimits(after), caller.Limits)
            ? after with { RateLimits = limits.GetKeyLimits(before) }
            : after;

    private List<string> GetUngrantableScopes(ApiKeyCaller caller, ScopeSet scopes)
    {
        var held = catalog.Expand(caller.Grantable);
        return [.. scopes.Where(scope => !held.Contains(scope) && caller.MayGrant?.Invoke(scope) != true)];
    }

    private bool IsNoWider(ApiKey before, ApiKey after) =>
        IsNarrowing(before, after)
        && (before.Enabled || !after.Enabled)
        && ExpiresBy(after.ExpiresAt, before.ExpiresAt)
        && IdlesBy(after.ExpiresAfterIdleDays, before.ExpiresAfterIdleDays)
        && !(before.NotBefore > (after.NotBefore ?? DateTimeOffset.MinValue))
        && IsWithin(limits.GetKeyLimits(after), limits.GetKeyLimits(before))
        && IsWithin(after.Networks, before.Networks)
        && IsWithin(after.Audiences, before.Audiences);

    private bool IsNarrowing(ApiKey before, ApiKey after) => catalog.Expand(before.Scopes).Covers(after.Scopes);

    /// <summary>Determines whether each bound is met by a limit that never admits more requests within the window of the bound.</summary>
    private static bool IsWithin(IReadOnlyList<RateLimit> candidate, IReadOnlyList<RateLimit> bounds) =>
        bounds.All(bound => candidate.Any(limit => limit.Permits * CountWindows(bound.Window, limit.Window) <= bound.Permits));

    private static long CountWindows(TimeSpan span, TimeSpan window) => (span.Ticks + window.Ticks - 1) / window.Ticks;

    private static bool IsWithin(IReadOnlyList<IPNetwork> candidate, IReadOnlyList<IPNetwork> bounds) =>
        bounds.Count == 0
        || (candidate.Count > 0 && candidate.All(network => bounds.Any(
            bound => bound.PrefixLength <= network.PrefixLength && bound.Contains(network.BaseAddress))));

    private static bool IsWithin(IReadOnlyList<string> candidate, IReadOnlyList<string> bounds) =>
        bounds.Count == 0 || (candidate.Count > 0 && candidate.All(audience => bounds.Contains(audience, StringComparer.Ordinal)));

    private static bool IdlesBy(int? days, int? bound) => bound is not { } last || days <= last;

    private static bool ExpiresBy(ApiKeyExpiry? expiry, ApiKeyExpiry? bound) => bound is not { } last || expiry?.Instant <= last.Instant;
}
