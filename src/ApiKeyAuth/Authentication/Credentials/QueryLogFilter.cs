using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>
/// Limits the framework's logs that contain URLs to warnings while a scheme reads keys from the query. These logs cannot redact it.
/// </summary>
internal sealed class QueryLogFilter(Func<bool> hasQuerySource) : IPostConfigureOptions<LoggerFilterOptions>
{
    private static readonly string[] UrlLogCategories =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.HttpsPolicy.HttpsRedirectionMiddleware",
        "Microsoft.AspNetCore.Rewrite.RewriteMiddleware",
    ];

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        if (!hasQuerySource())
        {
            return;
        }

        // A rule for a provider takes precedence over a rule for all providers, and a longer pattern over a shorter category. Of equal
        // rules, the last one applies. Therefore, one rule is added for each provider and pattern.
        foreach (var provider in options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToArray())
        {
            var patterns = options.Rules.Select(rule => rule.CategoryName).Where(IsLongerPattern);
            foreach (var category in patterns.Concat(UrlLogCategories).Distinct().ToArray())
            {
                options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, filter: null));
            }
        }
    }

    private static bool IsLongerPattern(string? category) =>
        category?.Split('*') is [var start, var end]
        && Array.Exists(UrlLogCategories, log => category.Length > log.Length
            && log.StartsWith(start, StringComparison.OrdinalIgnoreCase)
            && log.EndsWith(end, StringComparison.OrdinalIgnoreCase));
}
