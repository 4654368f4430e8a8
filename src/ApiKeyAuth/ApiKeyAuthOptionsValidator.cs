using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Stores;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth;

/// <summary>Finds everything that is wrong with the options before the host listens, and says it all at once.</summary>
internal sealed class ApiKeyAuthOptionsValidator : IValidateOptions<ApiKeyAuthOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiKeyAuthOptions options)
    {
        List<string> problems =
        [
            .. options.Problems,
            .. ApiKeyFormats.Check([options.Format, .. options.AcceptedFormats]),
            .. ScopeCatalogue.Validate([.. options.Scopes]),
            .. PepperProblems(options),
            .. SchemeProblems(options),
            .. CacheProblems(options.Cache),
            .. LimitProblems(options.RateLimiting),
            .. ManagementProblems(options.Management),
        ];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> PepperProblems(ApiKeyAuthOptions options)
    {
        string? problem = null;
        try
        {
            _ = new ApiKeyHasher(options.Peppers, options.AcceptUnpepperedHashes);
        }
        catch (ArgumentException exception)
        {
            problem = $"Peppers: {exception.Message}";
        }

        return problem is null ? [] : [problem];
    }

    private static IEnumerable<string> SchemeProblems(ApiKeyAuthOptions options) =>
        options.AddedSchemes.CountBy(scheme => scheme, StringComparer.OrdinalIgnoreCase)
            .Where(same => same.Value > 1)
            .Select(same => $"Schemes: {same.Key} is added {same.Value} times; call AddScheme once for each name.");

    private static IEnumerable<string> CacheProblems(ApiKeyCacheOptions cache) =>
    [
        .. Outside("Cache:KnownKeyLifetime", cache.KnownKeyLifetime, TimeSpan.Zero, TimeSpan.FromHours(1)),
        .. Outside("Cache:UnknownKeyLifetime", cache.UnknownKeyLifetime, TimeSpan.Zero, TimeSpan.FromHours(1)),
        .. Outside("Cache:MaxStaleness", cache.MaxStaleness, TimeSpan.Zero, TimeSpan.FromHours(24)),
        .. Outside("Cache:StoreTimeout", cache.StoreTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
        .. Outside("Cache:MaxKnownKeys", cache.MaxKnownKeys, 1, 10_000_000),
        .. Outside("Cache:MaxUnknownKeys", cache.MaxUnknownKeys, 1, 10_000_000),
    ];

    private static IEnumerable<string> LimitProblems(ApiKeyRateLimitOptions limiting) =>
    [
        .. Windows("RateLimiting:Default", limiting.Default),
        .. Windows("RateLimiting:PerTenant", limiting.PerTenant),
        .. limiting.Tenants.SelectMany(tenant => Windows($"RateLimiting:Tenants:{tenant.Key}", tenant.Value)),
        .. limiting.FailedAuthentications is { } failed ? Windows("RateLimiting:FailedAuthentications", [failed]) : [],
    ];

    private static IEnumerable<string> ManagementProblems(ApiKeyManagementOptions management)
    {
        var (day, century) = (TimeSpan.FromDays(1), TimeSpan.FromDays(36_500));
        return
        [
            .. Outside("Management:MaxLifetime", management.MaxLifetime ?? day, day, century),
            .. Outside("Management:DefaultLifetime", management.DefaultLifetime ?? day, day, management.MaxLifetime ?? century),
            .. Outside("Management:MaxRotationGrace", management.MaxRotationGrace, TimeSpan.Zero, TimeSpan.FromDays(30)),
            .. Outside("Management:MaxSecretAge", management.MaxSecretAge ?? day, day, century),
            .. Outside("Management:MaxKeysPerTenant", management.MaxKeysPerTenant ?? 1, 1, int.MaxValue),
            .. Outside("Management:MaxKeysPerOwner", management.MaxKeysPerOwner ?? 1, 1, int.MaxValue),
            .. Outside("Management:MaxMetadataLength", management.MaxMetadataLength, 0, 65_536),
            .. management.RevokeLeaked is { } limit ? Windows("Management:RevokeLeaked", [limit]) : [],
        ];
    }

    private static IEnumerable<string> Windows(string setting, IReadOnlyList<RateLimit> limits) =>
        limits.Any(limit => limit == default) || RateLimit.WindowsRepeat(limits)
            ? [$"{setting} holds an empty limit or two for the same window; keep the one that is meant."]
            : [];

    private static IEnumerable<string> Outside<T>(string setting, T value, T least, T most)
        where T : IComparable<T> =>
        value.CompareTo(least) < 0 || value.CompareTo(most) > 0 ? [$"{setting} is {value}; it ranges from {least} to {most}."] : [];
}
