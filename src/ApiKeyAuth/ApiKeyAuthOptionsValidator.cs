using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Management;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Stores;
using ApiKeyAuth.Usage;
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
            .. Problems(options).Select(problem => $"{options.Path}:{problem}"),
        ];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(ApiKeyAuthOptions options) =>
    [
        .. FormatProblems([options.Format, .. options.AcceptedFormats]),
        .. ScopeProblems(options),
        .. PepperProblems(options),
        .. SchemeProblems(options),
        .. CacheProblems(options.Cache),
        .. SettingRange.Outside("Nodes:Lease", options.Nodes.Lease, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
        .. LimitProblems(options.RateLimiting),
        .. UsageProblems.Find(options.Usage),
        .. ManagementProblems(options.Management),
    ];

    /// <summary>A scope may be named, but a key pasted into its line may not.</summary>
    private static IEnumerable<string> ScopeProblems(ApiKeyAuthOptions options)
    {
        ApiKeyFormat[] formats = [options.Format, .. options.AcceptedFormats];
        var redact = ApiKeyFormats.Check(formats).Count == 0 ? new ApiKeyFormats(formats[0], formats[1..]) : new ApiKeyFormats(new ApiKeyFormat());
        return ScopeCatalogue.Validate([.. options.Scopes]).Select(problem => $"Scopes: {redact.Redact(problem)}");
    }

    private static string[] FormatProblems(ApiKeyFormat[] formats)
    {
        string[] single = [.. formats.Index().SelectMany(format =>
            (format.Item?.Validate() ?? []).Select(problem => InSettings(problem, format.Index == 0 ? "Format" : $"AcceptedFormats:{format.Index - 1}")))];
        return single.Length > 0 ? single : [.. ApiKeyFormats.Check(formats).Select(problem => $"Format: {problem}")];
    }

    /// <summary>Names a property of a format, <c>ApiKeyFormat.Environments[0]</c>, as the setting it is in a file.</summary>
    private static string InSettings(string problem, string setting)
    {
        var end = problem.IndexOf(' ', StringComparison.Ordinal);
        var property = problem[(nameof(ApiKeyFormat).Length + 1)..end];
        return $"{setting}:{property.Replace('[', ':').TrimEnd(']')}{problem[end..]}";
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
            // Without the parameter's name, which the framework adds.
            problem = $"Peppers: {exception.Message.Split(" (Parameter", 2)[0]}";
        }

        return problem is null ? [] : [problem];
    }

    private static IEnumerable<string> SchemeProblems(ApiKeyAuthOptions options) =>
        options.AddedSchemes.CountBy(scheme => scheme, StringComparer.OrdinalIgnoreCase)
            .Where(same => same.Value > 1)
            .Select(same => $"Schemes: {same.Key} is added {same.Value} times; call AddScheme once for each name.");

    private static IEnumerable<string> CacheProblems(ApiKeyCacheOptions cache) =>
    [
        .. SettingRange.Outside("Cache:KnownKeyLifetime", cache.KnownKeyLifetime, TimeSpan.Zero, TimeSpan.FromHours(1)),
        .. SettingRange.Outside("Cache:UnknownKeyLifetime", cache.UnknownKeyLifetime, TimeSpan.Zero, TimeSpan.FromHours(1)),
        .. SettingRange.Outside("Cache:MaxStaleness", cache.MaxStaleness, TimeSpan.Zero, TimeSpan.FromHours(24)),
        .. SettingRange.Outside("Cache:StoreTimeout", cache.StoreTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
        .. SettingRange.Outside("Cache:MaxKnownKeys", cache.MaxKnownKeys, 1, 10_000_000),
        .. SettingRange.Outside("Cache:MaxUnknownKeys", cache.MaxUnknownKeys, 1, 10_000_000),
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
            .. SettingRange.Outside("Management:MaxLifetime", management.MaxLifetime ?? day, day, century),
            .. SettingRange.Outside("Management:DefaultLifetime", management.DefaultLifetime ?? day, day, management.MaxLifetime ?? century),
            .. SettingRange.Outside("Management:MaxRotationGrace", management.MaxRotationGrace, TimeSpan.Zero, TimeSpan.FromDays(30)),
            .. SettingRange.Outside("Management:MaxSecretAge", management.MaxSecretAge ?? day, day, century),
            .. SettingRange.Outside("Management:SecretAgeNotice", management.SecretAgeNotice, TimeSpan.Zero, TimeSpan.FromDays(365)),
            .. SettingRange.Outside("Management:MaxKeysPerTenant", management.MaxKeysPerTenant ?? 1, 1, int.MaxValue),
            .. SettingRange.Outside("Management:MaxKeysPerOwner", management.MaxKeysPerOwner ?? 1, 1, int.MaxValue),
            .. SettingRange.Outside("Management:MaxMetadataLength", management.MaxMetadataLength, 0, 65_536),
            .. management.RevokeLeaked is { } limit ? Windows("Management:RevokeLeaked", [limit]) : [],
        ];
    }

    private static IEnumerable<string> Windows(string setting, IReadOnlyList<RateLimit> limits) =>
        limits.Any(limit => limit == default) || RateLimit.WindowsRepeat(limits)
            ? [$"{setting} holds an empty limit or two for the same window; keep the one that is meant."]
            : [];
}
