using ApiKeyAuth.Caching;
using ApiKeyAuth.Configuration;
using ApiKeyAuth.Keys;
using ApiKeyAuth.Keys.Formats;
using ApiKeyAuth.Management;
using ApiKeyAuth.RateLimiting;
using ApiKeyAuth.Usage;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Startup;

/// <summary>Validates the options before the host listens and reports all problems at once.</summary>
internal sealed class ApiKeyAuthOptionsValidator : IValidateOptions<ApiKeyAuthOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiKeyAuthOptions options)
    {
        List<string> problems =
        [
            .. options.ConfigurationProblems,
            .. FindProblems(options).Select(problem => $"{options.Path}:{problem}"),
        ];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> FindProblems(ApiKeyAuthOptions options) =>
    [
        .. FindFormatProblems([options.Format, .. options.AcceptedFormats]),
        .. FindScopeProblems(options),
        .. FindPepperProblems(options),
        .. FindSchemeProblems(options),
        .. FindCacheProblems(options.Cache),
        .. SettingRangeRule.FindProblems("Backplane:Lease", options.Backplane.Lease, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
        .. FindRateLimitProblems(options.RateLimiting),
        .. UsageProblems.Find(options.Usage),
        .. FindManagementProblems(options.Management),
    ];

    /// <summary>Validates the scopes. Messages name a scope, but a key that was pasted in its place is masked.</summary>
    private static IEnumerable<string> FindScopeProblems(ApiKeyAuthOptions options)
    {
        var redact = ApiKeyFormats.FindErrors([options.Format, .. options.AcceptedFormats]).Count == 0
            ? new ApiKeyFormats(options.Format, options.AcceptedFormats)
            : new ApiKeyFormats(new ApiKeyFormat());
        return ScopeCatalog.Validate([.. options.Scopes]).Select(problem => $"Scopes: {redact.Redact(problem)}");
    }

    private static string[] FindFormatProblems(AcceptedApiKeyFormat[] formats)
    {
        string[] single =
        [
            .. formats.Index().SelectMany(format => FindFormatProblems(
                format.Item, format.Index == 0 ? "Format" : $"AcceptedFormats:{format.Index - 1}")),
        ];
        return single.Length > 0 ? single : [.. ApiKeyFormats.FindErrors(formats).Select(problem => $"Format: {problem}")];
    }

    private static IEnumerable<string> FindFormatProblems(AcceptedApiKeyFormat? format, string setting) =>
        (format?.Validate() ?? []).Select(problem => ToSettingName(problem, setting));

    /// <summary>
    /// Replaces the name of a format's property, such as <c>ApiKeyFormat.Environments[0]</c>, with the name of the setting.
    /// </summary>
    private static string ToSettingName(string problem, string setting)
    {
        var end = problem.IndexOf(' ', StringComparison.Ordinal);
        var property = problem[(problem.IndexOf('.', StringComparison.Ordinal) + 1)..end];
        var isAcceptedPrefix = setting != "Format" && problem.StartsWith("ApiKeyFormat.Prefix ", StringComparison.Ordinal);
        var hint = isAcceptedPrefix
            ? " For keys that were issued elsewhere, also set Alphabet and Length."
            : "";
        return $"{setting}:{property.Replace('[', ':').TrimEnd(']')}{problem[end..]}{hint}";
    }

    private static IEnumerable<string> FindPepperProblems(ApiKeyAuthOptions options)
    {
        string? problem = null;
        try
        {
            _ = new ApiKeyHasher(options.Peppers, options.AcceptUnpepperedHashes);
        }
        catch (ArgumentException exception)
        {
            // The framework appends the name of the parameter, which is removed.
            problem = $"Peppers: {exception.Message.Split(" (Parameter", 2)[0]}";
        }

        return problem is null ? [] : [problem];
    }

    private static IEnumerable<string> FindSchemeProblems(ApiKeyAuthOptions options) =>
        options.AddedSchemes.CountBy(scheme => scheme, StringComparer.OrdinalIgnoreCase)
            .Where(count => count.Value > 1)
            .Select(count => $"Schemes: {count.Key} is added {count.Value} times; call AddScheme once for each name.");

    private static IEnumerable<string> FindCacheProblems(ApiKeyCacheOptions cache) =>
    [
        .. SettingRangeRule.FindProblems("Cache:KnownKeyLifetime", cache.KnownKeyLifetime, TimeSpan.Zero, TimeSpan.FromHours(1)),
        .. SettingRangeRule.FindProblems("Cache:UnknownKeyLifetime", cache.UnknownKeyLifetime, TimeSpan.Zero, TimeSpan.FromHours(1)),
        .. SettingRangeRule.FindProblems("Cache:MaxStaleness", cache.MaxStaleness, TimeSpan.Zero, TimeSpan.FromHours(24)),
        .. SettingRangeRule.FindProblems("Cache:StoreTimeout", cache.StoreTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
        .. SettingRangeRule.FindProblems("Cache:MaxKnownKeys", cache.MaxKnownKeys, 1, 10_000_000),
        .. SettingRangeRule.FindProblems("Cache:MaxUnknownKeys", cache.MaxUnknownKeys, 1, 10_000_000),
    ];

    private static IEnumerable<string> FindRateLimitProblems(ApiKeyRateLimitOptions limiting) =>
    [
        .. FindWindowProblems("RateLimiting:Default", limiting.Default),
        .. FindWindowProblems("RateLimiting:PerTenant", limiting.PerTenant),
        .. limiting.Tenants.SelectMany(tenant => FindWindowProblems($"RateLimiting:Tenants:{tenant.Key}", tenant.Value)),
        .. limiting.FailedAuthentications is { } failed ? FindWindowProblems("RateLimiting:FailedAuthentications", [failed]) : [],
    ];

    private static IEnumerable<string> FindManagementProblems(ApiKeyManagementOptions management)
    {
        var (day, century) = (TimeSpan.FromDays(1), TimeSpan.FromDays(36_500));
        var maxDefaultLifetime = management.MaxLifetime ?? century;
        return
        [
            .. SettingRangeRule.FindProblems("Management:MaxLifetime", management.MaxLifetime ?? day, day, century),
            .. SettingRangeRule.FindProblems("Management:DefaultLifetime", management.DefaultLifetime ?? day, day, maxDefaultLifetime),
            .. SettingRangeRule.FindProblems(
                "Management:MaxRotationGrace", management.MaxRotationGrace, TimeSpan.Zero, TimeSpan.FromDays(30)),
            .. SettingRangeRule.FindProblems("Management:MaxSecretAge", management.MaxSecretAge ?? day, day, century),
            .. SettingRangeRule.FindProblems(
                "Management:SecretAgeNotice", management.SecretAgeNotice, TimeSpan.Zero, TimeSpan.FromDays(365)),
            .. SettingRangeRule.FindProblems("Management:MaxKeysPerTenant", management.MaxKeysPerTenant ?? 1, 1, int.MaxValue),
            .. SettingRangeRule.FindProblems("Management:MaxKeysPerOwner", management.MaxKeysPerOwner ?? 1, 1, int.MaxValue),
            .. SettingRangeRule.FindProblems("Management:MaxMetadataLength", management.MaxMetadataLength, 0, 65_536),
            .. management.RevokeLeaked is { } limit ? FindWindowProblems("Management:RevokeLeaked", [limit]) : [],
        ];
    }

    private static IEnumerable<string> FindWindowProblems(string setting, IReadOnlyList<RateLimit> limits) =>
        limits.Any(limit => limit == default) || RateLimit.HasDuplicateWindows(limits)
            ? [$"{setting} has an empty rate limit, or two rate limits for the same window; keep one of them."]
            : [];
}
