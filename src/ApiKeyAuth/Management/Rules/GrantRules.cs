using System.Net;
using ApiKeyAuth.Authorization;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management.Operations;
using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Management.Rules;

/// <summary>Holds makers to what they hold: no key of their making has a scope, limit, end, environment, network or audience beyond theirs.</summary>
internal sealed class GrantRules(RateLimitResolver limits, ScopeCatalog catalogue)
{
    /// <summary>Finds why a caller may not make, or hand out a secret of, a key; null where he may.</summary>
    public ApiKeyProblem? FindProblem(ApiKeyCaller caller, ApiKey key) =>
        GetUngrantableScopes(caller, key.Scopes) is [_, ..] missing ? Problems.ScopesNotGrantable(missing)
        : !caller.IsInEnvironmentOf(key)
            ? Problems.Forbidden($"{ChangeRules.DescribeEnvironment(caller)} and may create API keys only of the same environment")
        : !ExpiresBy(key.ExpiresAt, caller.ExpiresAt) ? Problems.Forbidden($"The caller ends on {caller.ExpiresAt}; no key of its making may outlive it")
        : !IsWithin(limits.GetKeyLimits(key), caller.Limits) ? Problems.Forbidden("The key's rate limits would go beyond the caller's")
        : !IsWithin(key.Networks, caller.Networks) ? Problems.Forbidden("The key's networks would go beyond the caller's")
        : !IsWithin(key.Audiences, caller.Audiences) ? Problems.Forbidden("The key's audiences would go beyond the caller's")
        : null;

    /// <summary>Finds why a caller may not change a key so: what only takes away is always allowed, what widens it needs all of it within his bounds.</summary>
    public ApiKeyProblem? FindProblem(ApiKeyCaller caller, ApiKey before, ApiKey after) =>
        IsNoWider(before, after) ? null : FindProblem(caller, after);

    /// <summary>Gives a key the maker's own bounds where nothing was asked and the defaults would go beyond them.</summary>
    public ApiKey Cap(ApiKeyCaller caller, ApiKey key, bool hasExpiry) => key with
    {
        RateLimits = key.RateLimits.Count == 0 && !IsWithin(limits.GetKeyLimits(key), caller.Limits) ? caller.Limits : key.RateLimits,
        ExpiresAt = hasExpiry || ExpiresBy(key.ExpiresAt, caller.ExpiresAt) ? key.ExpiresAt : caller.ExpiresAt,
        Networks = key.Networks.Count == 0 ? caller.Networks : key.Networks,
        Audiences = key.Audiences.Count == 0 ? caller.Audiences : key.Audiences,
    };

    /// <summary>Keeps the limits of a key that loses the scopes they came with, where the defaults would then go beyond the caller's.</summary>
    public ApiKey Cap(ApiKeyCaller caller, ApiKey before, ApiKey after) =>
        IsNarrowing(before, after) && !IsWithin(limits.GetKeyLimits(after), limits.GetKeyLimits(before)) && !IsWithin(limits.GetKeyLimits(after), caller.Limits)
            ? after with { RateLimits = limits.GetKeyLimits(before) }
            : after;

    private List<string> GetUngrantableScopes(ApiKeyCaller caller, ScopeSet scopes)
    {
        var held = catalogue.Expand(caller.Grantable);
        return [.. scopes.Where(scope => !held.Contains(scope) && caller.MayGrant?.Invoke(scope) != true)];
    }

    private bool IsNoWider(ApiKey before, ApiKey after) =>
        IsNarrowing(before, after)
        && (before.Enabled || !after.Enabled)
        && ExpiresBy(after.ExpiresAt, before.ExpiresAt)
        && IsWithin(limits.GetKeyLimits(after), limits.GetKeyLimits(before))
        && IsWithin(after.Networks, before.Networks)
        && IsWithin(after.Audiences, before.Audiences);

    private bool IsNarrowing(ApiKey before, ApiKey after) => catalogue.Expand(before.Scopes).Covers(after.Scopes);

    /// <summary>Whether every bound is kept by a limit that lets no more through in the bound's window, however the two lie.</summary>
    private static bool IsWithin(IReadOnlyList<RateLimit> candidate, IReadOnlyList<RateLimit> bounds) =>
        bounds.All(bound => candidate.Any(limit => limit.Permits * CountWindows(bound.Window, limit.Window) <= bound.Permits));

    private static long CountWindows(TimeSpan span, TimeSpan window) => (span.Ticks + window.Ticks - 1) / window.Ticks;

    private static bool IsWithin(IReadOnlyList<IPNetwork> candidate, IReadOnlyList<IPNetwork> bounds) =>
        bounds.Count == 0
        || (candidate.Count > 0 && candidate.All(network => bounds.Any(bound => bound.PrefixLength <= network.PrefixLength && bound.Contains(network.BaseAddress))));

    private static bool IsWithin(IReadOnlyList<string> candidate, IReadOnlyList<string> bounds) =>
        bounds.Count == 0 || (candidate.Count > 0 && candidate.All(audience => bounds.Contains(audience, StringComparer.Ordinal)));

    private static bool ExpiresBy(ApiKeyExpiry? expiry, ApiKeyExpiry? bound) => bound is not { } last || expiry?.Instant <= last.Instant;
}
