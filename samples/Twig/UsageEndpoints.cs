using ApiKeyAuth.Alerts;
using ApiKeyAuth.Management;
using ApiKeyAuth.Usage.History;
using Samples;

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
            lastUsedAt = usage.Value.LastUsedAt?.ToUtcSeconds(),
            countries = usage.Value.Countries.Select(country => new { country = country.Key, requests = country.Value }),
        });
    }

    private static async Task<IResult> SetAlertsAsync(HttpContext context, ApiKeyAlertSettingsService alerts, AlertsBody body)
    {
        var settings = body.Alerts
            ?? new() { UnusualActivity = body.UnusualActivity, HighUsage = body.HighUsage, Failures = body.Failures };
        return ToResult(await alerts.SetAsync(context.GetApiKeyCaller()!, null, settings, context.RequestAborted));
    }

    private static IResult ToResult(ApiKeyResult<ApiKeyEffectiveAlertSettings> settings) =>
        settings.Succeeded ? Results.Ok(new { alerts = settings.Value.Settings }) : settings.Error;

    /// <summary>Represents alert settings, inside <c>alerts</c> or directly.</summary>
    private sealed record AlertsBody(
        ApiKeyAlertSettings? Alerts, bool UnusualActivity, ApiKeyAlertThreshold? HighUsage, ApiKeyAlertThreshold? Failures);
}
