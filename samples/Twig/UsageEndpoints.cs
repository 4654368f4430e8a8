using ApiKeyAuth.Alerts;
using ApiKeyAuth.Management;
using ApiKeyAuth.Management.Endpoints;
using ApiKeyAuth.Usage.History;

namespace Twig;

/// <summary>Maps the endpoints for the usage of a key and for the alert settings of the organization's keys.</summary>
internal static class UsageEndpoints
{
    public static void MapUsage(this IEndpointRouteBuilder keys)
    {
        keys.MapGet("/{id}/usage", UsageAsync);
        keys.MapGet("/alerts", async (HttpContext context, ApiKeyAlertSettingsService alerts) =>
            ToResult(await alerts.GetAsync(context.GetApiKeyCaller()!, cancellationToken: context.RequestAborted)));
        keys.MapPut("/alerts", SetAlertsAsync);
    }

    private static async Task<IResult> UsageAsync(HttpContext context, ApiKeyManager manager, string id)
    {
        var request = new ApiKeyUsageRequest { Granularity = ApiKeyUsageGranularity.Day };
        var usage = await manager.GetUsageAsync(context.GetApiKeyCaller()!, id, request, context.RequestAborted);
        if (!usage.Succeeded)
        {
            return usage.Error;
        }

        return Results.Ok(new
        {
            requests = usage.Value.Requests,
            successRate = usage.Value.SuccessRate,
            failureRate = 1 - usage.Value.SuccessRate,
            lastUsedAt = usage.Value.LastUsedAt is { } last ? KeyEndpoints.Time(last) : null,
            countries = usage.Value.Countries.Select(country => new { country = country.Key, requests = country.Value }),
        });
    }

    private static async Task<IResult> SetAlertsAsync(HttpContext context, ApiKeyAlertSettingsService alerts)
    {
        var body = await BodyReader.ReadAsync(context.Request, body => body.GetAlertSettings());
        return body.Succeeded
            ? ToResult(await alerts.SetAsync(context.GetApiKeyCaller()!, null, body.Value, context.RequestAborted))
            : body.Error;
    }

    private static IResult ToResult(ApiKeyResult<ApiKeyEffectiveAlertSettings> settings) => settings.Succeeded
        ? Results.Ok(new
        {
            alerts = new
            {
                unusualActivity = settings.Value.Settings.UnusualActivity,
                highUsage = Document(settings.Value.Settings.HighUsage),
                failures = Document(settings.Value.Settings.Failures),
            },
        })
        : settings.Error;

    private static object? Document(ApiKeyAlertThreshold? threshold) =>
        threshold is null ? null : new { threshold = threshold.Threshold, period = $"{threshold.Period}".ToLowerInvariant() };
}
