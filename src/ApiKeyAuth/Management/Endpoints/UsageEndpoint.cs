using System.Globalization;
using ApiKeyAuth.Management.Documents;
using ApiKeyAuth.Usage.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ApiKeyAuth.Management.Endpoints;

/// <summary>Maps the endpoint that returns the usage of a key.</summary>
internal static class UsageEndpoint
{
    private static readonly string[] DateFormats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static void Map(RouteGroupBuilder keys, Func<string, string> name) =>
        keys.MapGet("/{id}/usage", GetAsync)
            .Describe(name("GetApiKeyUsage"), "Gets the usage of a key by hour or day, country and error, and its unused scopes.")
            .Produces<ApiKeyUsageDocument>().ProducesErrors(400, 404);

    private static Task GetAsync(
        HttpContext context, ApiKeyManager manager, string id, string? from, string? to, string? by, string? unusedDays) =>
        EndpointRunner.RunAsync(context, async caller =>
        {
            var problems = new Dictionary<string, string>(StringComparer.Ordinal);
            var defaults = new ApiKeyUsageRequest();
            var request = defaults with
            {
                From = ParseDate("from", from, problems),
                To = ParseDate("to", to, problems),
                Granularity = ParseGranularity(by, problems),
                UnusedDays = ParseDays(unusedDays, problems) ?? defaults.UnusedDays,
                ParseErrors = problems,
            };
            var report = await manager.GetUsageAsync(caller, id, request, context.RequestAborted);
            await (report.Succeeded
                ? ManagementResponseWriter.WriteJsonAsync(
                    context, ApiKeyUsageDocument.Create(report.Value), ManagementJsonContext.Default.ApiKeyUsageDocument)
                : ManagementResponseWriter.RejectAsync(context, report.Error));
        });

    /// <summary>Parses the number of days after which something counts as unused.</summary>
    public static int? ParseDays(string? text, Dictionary<string, string> problems)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days))
        {
            return days;
        }

        if (text is not null)
        {
            problems[UnusedDaysRule.Field] = "must be a whole number";
        }

        return null;
    }

    private static DateTimeOffset? ParseDate(string name, string? text, Dictionary<string, string> problems)
    {
        if (text is null)
        {
            return null;
        }

        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, Styles, out var time))
        {
            return time;
        }

        problems[name] = "must be a date such as 2026-01-31 or 2026-01-31T18:00:00Z";
        return null;
    }

    private static ApiKeyUsageGranularity ParseGranularity(string? text, Dictionary<string, string> problems)
    {
        if (text is not (null or "hour" or "day"))
        {
            problems["by"] = "must be hour or day";
        }

        return text is "day" ? ApiKeyUsageGranularity.Day : ApiKeyUsageGranularity.Hour;
    }
}
