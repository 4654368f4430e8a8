using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication.Credentials;

/// <summary>
/// Holds the framework's logs that print whole addresses at Warning while a scheme reads keys from the query; they cannot redact it.
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

        // A rule for one provider goes before a rule for all, and a longer pattern before a shorter name; the last of equals wins.
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
