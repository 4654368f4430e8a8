using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiKeyAuth.Authentication;

/// <summary>Holds the host's request log at Warning while a scheme reads keys from the query, which that log prints and cannot redact.</summary>
internal sealed class QueryLogFilter(Func<bool> readsQuery) : IPostConfigureOptions<LoggerFilterOptions>
{
    private const string RequestLog = "Microsoft.AspNetCore.Hosting.Diagnostics";

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        if (!readsQuery())
        {
            return;
        }

        // A rule for one provider goes before a rule for all, and a longer pattern before a shorter name; the last of equals wins.
        foreach (var provider in options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToArray())
        {
            foreach (var category in options.Rules.Select(rule => rule.CategoryName).Where(IsLongerPattern).Append(RequestLog).Distinct().ToArray())
            {
                options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, filter: null));
            }
        }
    }

    private static bool IsLongerPattern(string? category) =>
        category?.Length > RequestLog.Length
        && category.Split('*') is [var start, var end]
        && RequestLog.StartsWith(start, StringComparison.OrdinalIgnoreCase)
        && RequestLog.EndsWith(end, StringComparison.OrdinalIgnoreCase);
}
