using ApiKeyAuth.Keys;
using ApiKeyAuth.RateLimiting;

namespace ApiKeyAuth.Management;

/// <summary>Holds makers to what they hold: no key of their making has a scope, limit, end or environment beyond theirs.</summary>
internal sealed class GrantRules(EffectiveLimits limits)
{
    /// <summary>Finds why a caller may not make, or hand out a secret of, a key; null where he may.</summary>
    public ApiKeyProblem? FindExcess(ApiKeyCaller caller, ApiKey key) =>
        caller.FindUngrantable(key.Scopes) is [_, ..] missing ? Problems.Ungrantable(missing)
        : caller.Environment is { } environment && key.Environment != environment
            ? Problems.Forbidden($"The caller belongs to the environment {environment} and makes keys for no other")
        : OutlivesCaller(caller, key.ExpiresAt) ? Problems.Forbidden($"The caller ends on {caller.ExpiresAt}; no key of its making may outlive it")
        : !IsWithin(limits.OfKey(key), caller.Limits) ? Problems.Forbidden("The key's rate limits would go beyond the caller's")
        : null;

    /// <summary>Finds why a caller may not change a key so; what only takes away is always allowed.</summary>
    public ApiKeyProblem? FindExcess(ApiKeyCaller caller, ApiKey before, ApiKey after)
    {
        var added = ScopeSet.Create(after.Scopes.Where(scope => !before.Scopes.Contains(scope)));
        return caller.FindUngrantable(added) is [_, ..] missing ? Problems.Ungrantable(missing)
            : IsLater(after.ExpiresAt, before.ExpiresAt) && OutlivesCaller(caller, after.ExpiresAt)
                ? Problems.Forbidden($"The caller ends on {caller.ExpiresAt}; no key of its making may outlive it")
            : !IsWithin(limits.OfKey(after), limits.OfKey(before)) && !IsWithin(limits.OfKey(after), caller.Limits)
                ? Problems.Forbidden("The key's rate limits would go beyond the caller's")
            : null;
    }

    /// <summary>Gives a key whose maker asked for no limits or end the maker's own, where the defaults would go beyond them.</summary>
    public ApiKey Cap(ApiKeyCaller caller, ApiKey key, bool asksLimits, bool asksEnd)
    {
        var capped = !asksLimits && !IsWithin(limits.OfKey(key), caller.Limits) ? key with { RateLimits = caller.Limits } : key;
        return !asksEnd && OutlivesCaller(caller, key.ExpiresAt) ? capped with { ExpiresAt = caller.ExpiresAt } : capped;
    }

    /// <summary>Whether every bound is kept by a limit that lets no more through in at least as long a window.</summary>
    private static bool IsWithin(IReadOnlyList<RateLimit> candidate, IReadOnlyList<RateLimit> bounds) =>
        bounds.All(bound => candidate.Any(limit => limit.Permits <= bound.Permits && limit.Window >= bound.Window));

    private static bool OutlivesCaller(ApiKeyCaller caller, ApiKeyExpiry? end) => caller.ExpiresAt is { } own && !(end?.Instant <= own.Instant);

    private static bool IsLater(ApiKeyExpiry? after, ApiKeyExpiry? before) =>
        before is { } was && (after is not { } end || end.Instant > was.Instant);
}
