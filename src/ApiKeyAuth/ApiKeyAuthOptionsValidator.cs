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
        .. Outside("Nodes:Lease", options.Nodes.Lease, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
        .. LimitProblems(options.RateLimiting),
        .. UsageProblems(options.Usage),
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

    private static IEnumerable<string> UsageProblems(ApiKeyUsageOptions usage)
    {
        var day = TimeSpan.FromDays(1);
        return
        [
            .. Outside("Usage:FlushInterval", usage.FlushInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            .. Outside("Usage:MaxPendingRows", usage.MaxPendingRows, 1_000, 10_000_000),
            .. Outside("Usage:MaxNetworksPerKey", usage.MaxNetworksPerKey, 0, 10_000),
            .. CountryProblems(usage),
            .. Outside("Usage:HourlyRetention", usage.HourlyRetention, day, 366 * day),
            .. Outside("Usage:DailyRetention", usage.DailyRetention, usage.HourlyRetention > day ? usage.HourlyRetention : day, 3_660 * day),
        ];
    }

    private static IEnumerable<string> CountryProblems(ApiKeyUsageOptions usage)
    {
        if (usage.CountryHeader is { } header && (header.Length == 0 || !header.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')))
        {
            yield return "Usage:CountryHeader is no name of a header; write one such as CF-IPCountry.";
        }

        if (usage.CountryHeader is not null && usage.CountryProxies.Count == 0)
        {
            yield return "Usage:CountryHeader is believed of nobody yet; set Usage:CountryProxies, the addresses of the CDN, as anybody else could write the header.";
        }

        if (usage.CountryHeader is null && usage.CountryProxies.Count > 0)
        {
            yield return "Usage:CountryProxies is of no use alone; set Usage:CountryHeader, the header in which they tell the country.";
        }
    }

    private static IEnumerable<string> ManagementProblems(ApiKeyManagementOptions management)
    {
        var (day, century) = (TimeSpan.FromDays(1), TimeSpan.FromDays(36_500));
        return
        [
            .. Outside("Management:MaxLifetime", management.MaxLifetime ?? day, day, century),
            .. Outside("Management:DefaultLifetime", management.DefaultLifetime ?? day, day, management.MaxLifetime ?? century),
            .. Outside("Management:MaxRotationGrace", management.MaxRotationGrace, TimeSpan.Zero, TimeSpan.FromDays(30)),
            .. Outside("Management:MaxSecretAge", management.MaxSecretAge ?? day, day, century),
            .. Outside("Management:SecretAgeNotice", management.SecretAgeNotice, TimeSpan.Zero, TimeSpan.FromDays(365)),
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
        value.CompareTo(least) < 0 || value.CompareTo(most) > 0 ? [$"{setting} is out of range; it goes from {least} to {most}."] : [];
}
