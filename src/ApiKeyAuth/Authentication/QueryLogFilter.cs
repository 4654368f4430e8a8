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

        // A rule for one provider goes before a rule for all, so each provider that has rules gets this one too.
        foreach (var provider in options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToArray())
        {
            options.Rules.Add(new LoggerFilterRule(provider, RequestLog, LogLevel.Warning, filter: null));
        }
    }
}
